// Bundled, and run in a page of the product: the app's own copy and its search worker, under the names of what is asked of them.
import { LocalDb } from '../../app/local-db/local-db.ts';
import { storageNameOf } from '../../app/local-db/schema.ts';
import type { FromWorker, ToWorker } from '../../app/search/search-worker.ts';
import { newMessageId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { SessionSnapshot, Snapshot } from '../../protocol/outputs.ts';
import { ChatMessage, ChatSession } from '../../protocol/shapes.ts';

const WORDS = 'sample survey chapter method data theory review topic ethics interview analysis result'.split(
  ' ',
);
/** The first wakes the worker; one has a slip, one finds nothing. */
const QUERIES = [
  'survey',
  'surv',
  'chapter analysis',
  'intervew',
  'message 1999',
  'ethics dat',
  'nothing at all like it',
];
const at = (seq: number) => new Date(Date.UTC(2026, 0, 1) + seq * 60_000).toISOString();

function messageOf(sessionId: SessionId, userId: UserId, seq: number): ChatMessage {
  const word = (n: number) => WORDS[(seq * n) % WORDS.length];
  return ChatMessage.parse({
    id: newMessageId(),
    sessionId,
    seq,
    userId,
    role: 'user',
    messageType: 'text',
    content: `message ${seq} about the ${word(7)} and the ${word(5)} of ${word(3)}${seq}`,
    parentId: null,
    createdAt: at(seq),
    editedAt: null,
    deletedAt: null,
    reactions: {},
    feedback: null,
    attachments: [],
    turn: null,
  });
}

function snapshotOf(sessionId: SessionId, userId: UserId, count: number): SessionSnapshot {
  const marks = { joinedAt: at(0), deliveredSeq: count, readSeq: count };
  const session = ChatSession.parse({
    id: sessionId,
    title: 'Measured',
    sessionType: 'general',
    isGroupChat: true,
    maxParticipants: 10,
    projectId: null,
    createdBy: userId,
    createdAt: at(0),
    updatedAt: at(count),
    lastActivity: at(count),
    isActive: true,
    lastSeq: count,
    totalMessages: count,
    aiModelUsed: null,
    tokensUsed: 0,
    members: [{ userId, name: 'Ada', role: 'owner', ...marks }],
  });
  const messages = Array.from({ length: count }, (_, i) => messageOf(sessionId, userId, i + 1));
  return { ...session, messages, hasMore: false, unread: null };
}

/** What a server says that knows of this one conversation alone. */
function knownAs(cursor: string, session: SessionSnapshot): Snapshot {
  return {
    cursor,
    sessions: [session],
    presence: [],
    drafts: [],
    projects: [],
    memories: [],
    mine: [],
    threads: [],
  };
}

const bench = {
  /** Puts a conversation of so many messages into this account's copy, as a snapshot would. */
  async fill(userId: UserId, sessionId: SessionId, count: number): Promise<void> {
    const db = await LocalDb.open(userId);
    const cursor = (await db.getCursor()) ?? '';
    await db.applySnapshot(knownAs(cursor, snapshotOf(sessionId, userId, count)));
    await db.close();
  },
  /** Rows a second, when so many events share a transaction. */
  async ingest(userId: UserId, sessionId: SessionId, count: number, together: number): Promise<number> {
    const db = await LocalDb.open(userId, `bench ${sessionId}`);
    await db.applySnapshot(knownAs('', snapshotOf(sessionId, userId, 0)));
    const events = Array.from({ length: count }, (_, i) => {
      const message = messageOf(sessionId, userId, i + 1);
      const event = { type: 'message.created', sessionId, seq: i + 1, message } as const;
      return { cursor: `c${i}`, event };
    });
    const start = performance.now();
    for (let from = 0; from < count; from += together)
      await db.applyEvents(events.slice(from, from + together));
    const seconds = (performance.now() - start) / 1000;
    const isWhole = (await db.oldestSeq(sessionId)) === 1 && (await db.getCursor()) === `c${count - 1}`;
    await db.close();
    indexedDB.deleteDatabase(db.storage);
    if (!isWhole) throw new Error('Not every event was stored.');
    return count / seconds;
  },
  /** Milliseconds from each question to the product's search worker until its answer; the first makes the index. */
  async search(worker: string, userId: UserId): Promise<number[]> {
    const thread = new Worker(worker, { type: 'module' });
    const post = (message: ToWorker) => thread.postMessage(message);
    post({ kind: 'open', userId, storage: storageNameOf(userId) });
    const times: number[] = [];
    for (const [number, query] of QUERIES.entries()) {
      const start = performance.now();
      const answered = new Promise<FromWorker>((resolve) => {
        thread.onmessage = ({ data }: MessageEvent<FromWorker>) => data.kind !== 'changed' && resolve(data);
      });
      post({ kind: 'search', number, query, limit: 30 });
      const answer = await answered;
      times.push(performance.now() - start);
      const found = answer.kind === 'found' ? answer.ids.length : -1;
      if (found < 0 || found > 0 === query.startsWith('nothing'))
        throw new Error(`"${query}" found ${found}`);
    }
    thread.terminate();
    return times;
  },
};
Object.assign(globalThis, { bench });
export type Bench = typeof bench;
