import type { DurableEvent, StateEvent } from '../../protocol/events.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import { Memory } from '../../protocol/memory.ts';
import { isCounted } from '../../protocol/outbox.ts';
import type { MessagePage, Snapshot, Verification } from '../../protocol/procedures.ts';
import { Project } from '../../protocol/project.ts';
import { type ChatMessage, Me } from '../../protocol/shapes.ts';
import { Changes, type Topic } from './changes.ts';
import type { EffectStore } from './effects.ts';
import { KeptRows, type Replacement } from './kept.ts';
import { RowParser } from './row-parser.ts';
import {
  Draft,
  LastKnown,
  MessageRow,
  OutboxEntry,
  QUEUED_SORT_KEY,
  SearchableRow,
  type SessionRow,
  StoredSession,
} from './rows.ts';
import { type ChatIdb, openChatIdb, type StoreName, storageNameOf, type WriteTransaction } from './schema.ts';
import { type ApplyResult, ServerWrites } from './server-writes.ts';

export interface AppliedEvent {
  cursor: string;
  event: DurableEvent | StateEvent;
}

/** Rows that are fetched one by one. */
const STEPS_AT_MOST = 120;

const EVERYTHING: StoreName[] = ['sessions', 'messages', 'outbox', 'drafts', 'meta', 'projects', 'memories'];

/**
 * This device's own copy. Screens read it and nothing else; the network only changes it. Every row is parsed when it
 * is read: one that is not ours is set aside, never shown and never fatal.
 */
export class LocalDb {
  #idb: Promise<ChatIdb> | null = null;
  #changes: Changes;
  #closed = false;
  #parser = new RowParser((store, row) => this.#setAside(store, row));

  private constructor(
    readonly userId: UserId,
    /** Names the database, and the channels and locks that go with it. */
    readonly storage: string,
  ) {
    this.#changes = new Changes(`${storage}:changes`);
  }

  static async open(userId: UserId, storage = storageNameOf(userId)): Promise<LocalDb> {
    const db = new LocalDb(userId, storage);
    await db.#open();
    return db;
  }

  subscribe(topics: readonly Topic[], listener: () => void): () => void {
    return this.#changes.subscribe(topics, listener);
  }

  /** Told of every change, with its topics. */
  subscribeAll(listener: (topics: readonly Topic[]) => void): () => void {
    return this.#changes.subscribeAll(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#changes.close();
    (await this.#idb)?.close();
    this.#idb = null;
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────────────

  /** Conversations, newest activity first. */
  async listSessions({ archived = false }: { archived?: boolean } = {}): Promise<SessionRow[]> {
    const idb = await this.#open();
    const sessions = this.#parser.all('sessions', StoredSession, await idb.getAll('sessions'));
    const drafts = this.#parser.all('drafts', Draft, await idb.getAll('drafts'));
    const outbox = await this.listOutbox();
    const draftOf = new Map(drafts.map((draft) => [draft.sessionId, draft.content]));
    const shown = sessions.filter((session) => (!session.isActive || session.left) === archived);
    const rows = await Promise.all(
      shown.map(async (session): Promise<SessionRow> => {
        const [last = null] = await this.#newest(session.id, 1);
        const waiting = outbox.filter(
          (entry) => entry.sessionId === session.id && isCounted(entry.op),
        ).length;
        return {
          ...session,
          unread: await this.unread(session),
          lastMessage: last,
          waiting,
          draft: draftOf.get(session.id) || null,
        };
      }),
    );
    return rows.sort((a, b) => (activityOf(a) < activityOf(b) ? 1 : -1));
  }

  async getSession(id: SessionId): Promise<StoredSession | null> {
    return this.#parser.one('sessions', StoredSession, await (await this.#open()).get('sessions', id));
  }

  /** Oldest first; ends before `before`, a sort key. */
  async listMessages(
    sessionId: SessionId,
    { limit, before = Number.POSITIVE_INFINITY }: { limit: number; before?: number },
  ): Promise<MessageRow[]> {
    return (await this.#newest(sessionId, limit, before)).reverse();
  }

  /** Where the stored part of a conversation begins on this device; null when nothing of it is here. */
  async oldestSeq(sessionId: SessionId): Promise<number | null> {
    const stored = IDBKeyRange.bound([sessionId, 0], [sessionId, QUEUED_SORT_KEY]);
    const [row] = await (await this.#open()).getAllFromIndex('messages', 'bySession', stored, 1);
    return this.#parser.one('messages', MessageRow, row)?.seq ?? null;
  }

  /** The server's messages with `from` ≤ seq ≤ `to`, oldest first; nothing that only waits here. */
  async storedMessages(sessionId: SessionId, from: number, to: number): Promise<MessageRow[]> {
    const range = IDBKeyRange.bound([sessionId, from], [sessionId, to]);
    const rows = await (await this.#open()).getAllFromIndex('messages', 'bySession', range);
    return this.#parser.all('messages', MessageRow, rows);
  }

  /** How many rows of the conversation stand at this sort key and behind it. */
  async countFrom(sessionId: SessionId, sortKey: number): Promise<number> {
    const range = IDBKeyRange.bound([sessionId, sortKey], [sessionId, Number.POSITIVE_INFINITY]);
    return (await this.#open()).countFromIndex('messages', 'bySession', range);
  }

  async getMessage(id: MessageId): Promise<MessageRow | null> {
    return this.#parser.one('messages', MessageRow, await (await this.#open()).get('messages', id));
  }

  /** Messages of others, not deleted, above my read mark. */
  async unread(session: StoredSession): Promise<number> {
    const readSeq =
      session.members.find((member) => member.userId === this.userId)?.readSeq ?? session.lastSeq;
    if (readSeq >= session.lastSeq) return 0;
    const range = IDBKeyRange.bound([session.id, readSeq], [session.id, QUEUED_SORT_KEY], true, true);
    const rows = await (await this.#open()).getAllFromIndex('messages', 'bySession', range);
    const parsed = this.#parser.all('messages', MessageRow, rows);
    return parsed.filter(
      (row) => row.userId !== this.userId && row.deletedAt === null && row.messageType !== 'error',
    ).length;
  }

  async listOutbox(): Promise<OutboxEntry[]> {
    return this.#parser.all('outbox', OutboxEntry, await (await this.#open()).getAll('outbox'));
  }

  async getDraft(sessionId: SessionId): Promise<string> {
    const draft = this.#parser.one('drafts', Draft, await (await this.#open()).get('drafts', sessionId));
    return draft?.content ?? '';
  }

  async getCursor(): Promise<string | null> {
    const cursor = await (await this.#open()).get('meta', 'cursor');
    return typeof cursor === 'string' ? cursor : null;
  }

  /** What was known of others when this device was connected last. */
  async getLastKnown(): Promise<LastKnown | null> {
    const parsed = LastKnown.safeParse(await (await this.#open()).get('meta', 'lastKnown'));
    return parsed.success ? parsed.data : null;
  }

  async saveLastKnown(known: LastKnown): Promise<void> {
    await (await this.#open()).put('meta', known, 'lastKnown');
  }

  async getMe(): Promise<Me | null> {
    const parsed = Me.safeParse(await (await this.#open()).get('meta', 'me'));
    return parsed.success ? parsed.data : null;
  }

  /** What search needs of every message held (of one conversation); deleted and unfinished ones left out. */
  async searchableMessages(sessionId?: SessionId): Promise<SearchableRow[]> {
    const idb = await this.#open();
    const all = IDBKeyRange.bound([sessionId ?? '', Number.NEGATIVE_INFINITY], [sessionId ?? '', []]);
    const rows = sessionId
      ? await idb.getAllFromIndex('messages', 'bySession', all)
      : await idb.getAll('messages');
    return this.#parser
      .all('messages', SearchableRow, rows)
      .filter((row) => row.deletedAt === null && row.content !== '');
  }

  /** One's own projects, the newest change first. */
  async listProjects(): Promise<Project[]> {
    return newestFirst(this.#parser.all('projects', Project, await (await this.#open()).getAll('projects')));
  }

  /** What Agent Jay remembers, the newest first. */
  async listMemories(): Promise<Memory[]> {
    return newestFirst(this.#parser.all('memories', Memory, await (await this.#open()).getAll('memories')));
  }

  async getSearchIndex(): Promise<unknown> {
    return (await this.#open()).get('search', 'index');
  }

  async saveSearchIndex(index: unknown): Promise<void> {
    await (await this.#open()).put('search', index, 'index');
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────────

  /** Kept also when it is empty: that it was emptied is newer than another device's old text. */
  async saveDraft(sessionId: SessionId, content: string, at: string): Promise<void> {
    await (await this.#open()).put('drafts', { sessionId, content, at });
    this.#changes.announce(['sessions', `draft:${sessionId}`]);
  }

  async saveMe(me: Me): Promise<void> {
    await (await this.#open()).put('meta', me, 'me');
    this.#changes.announce(['sessions']);
  }

  /** Events and the cursor behind the last of them, in one transaction (invariant 8). */
  async applyEvents(batch: readonly AppliedEvent[]): Promise<ApplyResult> {
    return this.#fromServer(async (writes, tx) => {
      for (const { cursor, event } of batch) {
        if ((await writes.event(event)) === 'gap') return 'gap';
        await tx.objectStore('meta').put(cursor, 'cursor');
      }
      return 'applied';
    });
  }

  applySnapshot(snapshot: Snapshot): Promise<void> {
    return this.#fromServer((writes) => writes.snapshot(snapshot));
  }

  addOlder(sessionId: SessionId, page: MessagePage): Promise<void> {
    return this.#fromServer((writes) => writes.olderPage(sessionId, page));
  }

  /** One message as the server has it, after a change of ours to it was refused. */
  restoreMessage(message: ChatMessage): Promise<void> {
    return this.#fromServer((writes) => writes.message(message));
  }

  /** All of one's projects or memories as the server has them. */
  replaceKept(kept: Replacement): Promise<void> {
    return this.write('relaxed', (tx, touched) => new KeptRows(tx, touched, this.#parser).replace(kept));
  }

  /** What the server said of copies as they were at `lastSeq`; see ServerWrites.verified. Resolves with rows mended. */
  applyVerification(verification: Verification, lastSeqOf: ReadonlyMap<SessionId, number>): Promise<number> {
    return this.#fromServer(async (writes) => {
      let mended = 0;
      for (const session of verification.sessions) {
        const lastSeq = lastSeqOf.get(session.sessionId);
        if (lastSeq !== undefined) mended += await writes.verified(session, lastSeq, verification.at);
      }
      return mended;
    });
  }

  #fromServer<T>(work: (writes: ServerWrites, tx: WriteTransaction) => Promise<T>): Promise<T> {
    return this.write('relaxed', (tx, touched) =>
      work(new ServerWrites(tx, touched, this.#parser, this.userId), tx),
    );
  }

  /** For the outbox: one transaction over everything. Resolves once it is committed. */
  async write<T>(
    durability: IDBTransactionDurability,
    work: (tx: WriteTransaction, touched: Set<Topic>) => Promise<T>,
  ): Promise<T> {
    const idb = await this.#open();
    const tx = idb.transaction(EVERYTHING, 'readwrite', { durability });
    const touched = new Set<Topic>();
    try {
      const result = await work(tx, touched);
      await tx.done;
      this.#changes.announce(touched);
      return result;
    } catch (error) {
      tx.done.catch(() => {});
      try {
        tx.abort();
      } catch {
        // It has ended already.
      }
      throw error;
    }
  }

  /** The outbox as a transaction sees it. */
  async listEntries(tx: WriteTransaction): Promise<OutboxEntry[]> {
    return this.#parser.all('outbox', OutboxEntry, await tx.objectStore('outbox').getAll());
  }

  /** The rows of a transaction, as an optimistic effect sees them. */
  effects(tx: WriteTransaction, touched: Set<Topic>): EffectStore {
    const kept = new KeptRows(tx, touched, this.#parser);
    return {
      project: (id) => kept.project(id),
      putProject: (id, project) => kept.putProject(id, project),
      memory: (id) => kept.memory(id),
      putMemory: (id, memory) => kept.putMemory(id, memory),
      session: async (id) =>
        this.#parser.one('sessions', StoredSession, await tx.objectStore('sessions').get(id)),
      message: async (id) =>
        this.#parser.one('messages', MessageRow, await tx.objectStore('messages').get(id)),
      putSession: async (session) => {
        await tx.objectStore('sessions').put(session);
        touched.add('sessions').add(`messages:${session.id}`);
      },
      putMessage: async (message) => {
        await tx.objectStore('messages').put(message);
        touched.add('sessions').add(`messages:${message.sessionId}`);
      },
    };
  }

  // ── Within ────────────────────────────────────────────────────────────────────────────────────────

  async #newest(
    sessionId: SessionId,
    limit: number,
    before = Number.POSITIVE_INFINITY,
  ): Promise<MessageRow[]> {
    const idb = await this.#open();
    const range = IDBKeyRange.bound([sessionId, Number.NEGATIVE_INFINITY], [sessionId, before], false, true);
    const index = idb.transaction('messages').store.index('bySession');
    // A step of a cursor costs a turn of the event loop: many rows are read in one go, and the surplus is left.
    if (limit > STEPS_AT_MOST) {
      const rows = await index.getAll(range);
      return this.#parser.all('messages', MessageRow, rows.slice(-limit).reverse());
    }
    const found: unknown[] = [];
    let cursor = await index.openCursor(range, 'prev');
    while (cursor && found.length < limit) {
      found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return this.#parser.all('messages', MessageRow, found);
  }

  /** Kept for whoever looks into it; the row itself is left to be overwritten by the server's. */
  #setAside(store: string, row: unknown): void {
    void this.#open()
      .then((idb) => idb.add('quarantine', { store, row, at: new Date().toISOString() }))
      .catch(() => {});
  }

  #open(): Promise<ChatIdb> {
    if (this.#closed) return Promise.reject(new Error('This copy was closed.'));
    this.#idb ??= openChatIdb(this.storage, () => {
      this.#idb = null;
    }).catch((error) => {
      this.#idb = null;
      throw error;
    });
    return this.#idb;
  }
}

const newestFirst = <R extends { updatedAt: string }>(rows: R[]): R[] =>
  rows.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));

function activityOf(row: SessionRow): string {
  const written = row.lastMessage?.createdAt ?? '';
  return [written, row.lastActivity].sort()[1] ?? '';
}
