import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newMessageId, newSessionId, newUserId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { SessionSnapshot } from '../../protocol/procedures.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { LocalDb } from './local-db.ts';
import { openChatIdb } from './schema.ts';

const at = '2026-11-24T09:30:00.000Z';
let [me, ben]: UserId[] = [newUserId(), newUserId()];
let sessionId: SessionId;
let db: LocalDb;

const message = (seq: number, userId: UserId, content: string): ChatMessage => ({
  id: newMessageId(),
  sessionId,
  seq,
  userId,
  role: 'user',
  messageType: 'text',
  content,
  parentId: null,
  createdAt: at,
  editedAt: null,
  deletedAt: null,
  reactions: {},
  feedback: null,
  attachments: [],
  turn: null,
});

const session = (lastSeq: number, messages: ChatMessage[]): SessionSnapshot => ({
  id: sessionId,
  title: 'Team',
  sessionType: 'general',
  isGroupChat: true,
  maxParticipants: 10,
  projectId: null,
  createdBy: me as UserId,
  createdAt: at,
  updatedAt: at,
  lastActivity: at,
  isActive: true,
  lastSeq,
  totalMessages: messages.length,
  aiModelUsed: null,
  tokensUsed: 0,
  context: {},
  members: [me, ben].map((userId, i) => ({
    userId: userId as UserId,
    name: i ? 'Ben' : 'Ada',
    role: i ? 'member' : 'owner',
    joinedAt: at,
    deliveredSeq: 0,
    readSeq: 0,
  })),
  messages,
  hasMore: false,
});

beforeEach(async () => {
  [me, ben] = [newUserId(), newUserId()];
  sessionId = newSessionId();
  db = await LocalDb.open(me as UserId);
  await db.applySnapshot({
    cursor: 'c1',
    sessions: [session(2, [message(2, ben as UserId, 'Hello')])],
    presence: [],
    drafts: [],
    projects: [],
    memories: [],
  });
});
afterEach(() => db.close());

const bodies = async () => (await db.listMessages(sessionId, { limit: 100 })).map((row) => row.content);

describe("the device's own copy", () => {
  it('moves the cursor only in the transaction that applies the event (invariant 8)', async () => {
    const next = message(3, ben as UserId, 'Again');
    await db.applyEvents([
      { cursor: 'c2', event: { type: 'message.created', sessionId, seq: 3, message: next } },
    ]);
    expect([await db.getCursor(), await bodies()]).toEqual(['c2', ['Hello', 'Again']]);
    // A hole: neither the event nor its cursor is taken.
    const gap = await db.applyEvents([
      {
        cursor: 'c9',
        event: { type: 'message.created', sessionId, seq: 9, message: message(9, ben as UserId, 'Far') },
      },
    ]);
    expect([gap, await db.getCursor(), await bodies()]).toEqual(['gap', 'c2', ['Hello', 'Again']]);
  });

  it('takes a replayed event once', async () => {
    const event = {
      type: 'message.created',
      sessionId,
      seq: 3,
      message: message(3, ben as UserId, 'Once'),
    } as const;
    for (const cursor of ['c2', 'c2', 'c2']) await db.applyEvents([{ cursor, event }]);
    expect(await bodies()).toEqual(['Hello', 'Once']);
  });

  it('counts unread from my read mark, without my own messages (invariant 13)', async () => {
    const unread = async () => (await db.listSessions())[0]?.unread;
    expect(await unread()).toBe(1);
    await db.applyEvents([
      {
        cursor: 'c2',
        event: { type: 'message.created', sessionId, seq: 3, message: message(3, me as UserId, 'Mine') },
      },
    ]);
    expect(await unread()).toBe(1);
    await db.applyEvents([
      {
        cursor: 'c3',
        event: { type: 'receipt', sessionId, userId: me as UserId, deliveredSeq: 3, readSeq: 2 },
      },
    ]);
    expect(await unread()).toBe(0);
  });

  it('sets a row aside that is not ours, and shows the rest', async () => {
    const nothing = () => {};
    const events = { onCreated: nothing, onBlocked: nothing, onLost: nothing, onWiped: nothing };
    const idb = await openChatIdb(db.storage, events);
    await idb.put('messages', { id: 'junk', sessionId, sortKey: 2.5, content: 42 });
    expect(await bodies()).toEqual(['Hello']);
    await expect.poll(() => idb.count('quarantine')).toBeGreaterThan(0);
    idb.close();
  });

  it('keeps what is queued when a fresh snapshot replaces the rest (invariant 9)', async () => {
    const own = message(0, me as UserId, 'Not sent yet');
    await db.write('strict', async (tx) => {
      const local = { mutationId: newMessageId(), state: 'queued', error: null };
      await tx.objectStore('messages').put({ ...own, sortKey: 1e12 + 1, local });
    });
    await db.applySnapshot({
      cursor: 'c5',
      sessions: [session(7, [message(7, ben as UserId, 'Fresh')])],
      presence: [],
      drafts: [],
      projects: [],
      memories: [],
    });
    expect(await bodies()).toEqual(['Fresh', 'Not sent yet']);
  });
});
