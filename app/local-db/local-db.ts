import type { IDBPTransaction } from 'idb';
import type { z } from 'zod';
import { applyEvent, type SessionEvent } from '../../protocol/apply-event.ts';
import type { DurableEvent, StateEvent } from '../../protocol/events.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { MessagePage, Snapshot } from '../../protocol/procedures.ts';
import { type ChatMessage, Me } from '../../protocol/shapes.ts';
import { Changes, type Topic } from './changes.ts';
import type { EffectStore } from './effects.ts';
import { Draft, MessageRow, OutboxEntry, QUEUED_SORT_KEY, type SessionRow, StoredSession } from './rows.ts';
import { type ChatDbSchema, type ChatIdb, openChatIdb, storageNameOf } from './schema.ts';

type StoreName = 'sessions' | 'messages' | 'outbox' | 'drafts' | 'meta';
type WriteTransaction = IDBPTransaction<ChatDbSchema, StoreName[], 'readwrite'>;

export interface AppliedEvent {
  cursor: string;
  event: DurableEvent | StateEvent;
}

/** What a batch of events came to: applied, or the copy has a hole and a fresh snapshot is needed. */
export type ApplyResult = 'applied' | 'gap';

/** Rows that are fetched one by one. */
const STEPS_AT_MOST = 120;

const EVERYTHING: StoreName[] = ['sessions', 'messages', 'outbox', 'drafts', 'meta'];

/**
 * This device's own copy. Screens read it and nothing else; the network only changes it. Every row is parsed when it
 * is read: one that is not ours is set aside, never shown and never fatal.
 */
export class LocalDb {
  #idb: Promise<ChatIdb> | null = null;
  #changes: Changes;
  #closed = false;

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
    const sessions = await this.#parseAll('sessions', StoredSession, await idb.getAll('sessions'));
    const drafts = await this.#parseAll('drafts', Draft, await idb.getAll('drafts'));
    const outbox = await this.listOutbox();
    const draftOf = new Map(drafts.map((draft) => [draft.sessionId, draft.content]));
    const shown = sessions.filter((session) => (!session.isActive || session.left) === archived);
    const rows = await Promise.all(
      shown.map(async (session): Promise<SessionRow> => {
        const [last = null] = await this.#newest(session.id, 1);
        const waiting = outbox.filter(
          (entry) => entry.sessionId === session.id && entry.op !== 'receipt.mark',
        ).length;
        return {
          ...session,
          unread: await this.unread(session),
          lastMessage: last,
          waiting,
          draft: draftOf.get(session.id) ?? null,
        };
      }),
    );
    return rows.sort((a, b) => (activityOf(a) < activityOf(b) ? 1 : -1));
  }

  async getSession(id: SessionId): Promise<StoredSession | null> {
    return this.#parseOne('sessions', StoredSession, await (await this.#open()).get('sessions', id));
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
    return (await this.#parseOne('messages', MessageRow, row))?.seq ?? null;
  }

  async getMessage(id: MessageId): Promise<MessageRow | null> {
    return this.#parseOne('messages', MessageRow, await (await this.#open()).get('messages', id));
  }

  /** Messages of others, not deleted, above my read mark. */
  async unread(session: StoredSession): Promise<number> {
    const readSeq =
      session.members.find((member) => member.userId === this.userId)?.readSeq ?? session.lastSeq;
    if (readSeq >= session.lastSeq) return 0;
    const range = IDBKeyRange.bound([session.id, readSeq], [session.id, QUEUED_SORT_KEY], true, true);
    const rows = await (await this.#open()).getAllFromIndex('messages', 'bySession', range);
    const parsed = await this.#parseAll('messages', MessageRow, rows);
    return parsed.filter(
      (row) => row.userId !== this.userId && row.deletedAt === null && row.messageType !== 'error',
    ).length;
  }

  async listOutbox(): Promise<OutboxEntry[]> {
    return this.#parseAll('outbox', OutboxEntry, await (await this.#open()).getAll('outbox'));
  }

  async getDraft(sessionId: SessionId): Promise<string> {
    const draft = await this.#parseOne('drafts', Draft, await (await this.#open()).get('drafts', sessionId));
    return draft?.content ?? '';
  }

  async getCursor(): Promise<string | null> {
    const cursor = await (await this.#open()).get('meta', 'cursor');
    return typeof cursor === 'string' ? cursor : null;
  }

  async getMe(): Promise<Me | null> {
    const parsed = Me.safeParse(await (await this.#open()).get('meta', 'me'));
    return parsed.success ? parsed.data : null;
  }

  /** Every message held, for search. */
  async allMessages(): Promise<MessageRow[]> {
    return this.#parseAll('messages', MessageRow, await (await this.#open()).getAll('messages'));
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────────

  async saveDraft(sessionId: SessionId, content: string): Promise<void> {
    const idb = await this.#open();
    if (content === '') await idb.delete('drafts', sessionId);
    else await idb.put('drafts', { sessionId, content, at: new Date().toISOString() });
    this.#changes.announce(['sessions', `draft:${sessionId}`]);
  }

  async saveMe(me: Me): Promise<void> {
    await (await this.#open()).put('meta', me, 'me');
    this.#changes.announce(['sessions']);
  }

  /** Events and the cursor behind the last of them, in one transaction (invariant 8). */
  async applyEvents(batch: readonly AppliedEvent[]): Promise<ApplyResult> {
    return this.write('relaxed', async (tx, touched) => {
      for (const { cursor, event } of batch) {
        if ((await this.#applyOne(tx, event, touched)) === 'gap') return 'gap';
        await tx.objectStore('meta').put(cursor, 'cursor');
      }
      return 'applied';
    });
  }

  /** Replaces what the server knows better; what is still queued here stays (invariant 9). */
  async applySnapshot(snapshot: Snapshot): Promise<void> {
    await this.write('relaxed', async (tx, touched) => {
      const held = await this.#parseAll('sessions', StoredSession, await tx.objectStore('sessions').getAll());
      const present = new Set<string>(snapshot.sessions.map((session) => session.id));
      for (const session of held) {
        if (present.has(session.id) || session.pendingCreate) continue;
        await tx.objectStore('sessions').put({ ...session, left: true });
      }
      for (const { messages, hasMore, ...session } of snapshot.sessions) {
        await this.#replaceNewest(tx, session.id, messages);
        await tx
          .objectStore('sessions')
          .put({ ...session, hasOlder: hasMore, pendingCreate: false, left: false });
        touched.add(`messages:${session.id}`);
      }
      await tx.objectStore('meta').put(snapshot.cursor, 'cursor');
      touched.add('sessions');
    });
  }

  /** A page of older messages, fetched while scrolling up. */
  async addOlder(sessionId: SessionId, { messages, hasMore }: MessagePage): Promise<void> {
    await this.write('relaxed', async (tx, touched) => {
      for (const message of messages) await this.#putStored(tx, message);
      const session = await this.#parseOne(
        'sessions',
        StoredSession,
        await tx.objectStore('sessions').get(sessionId),
      );
      if (session) await tx.objectStore('sessions').put({ ...session, hasOlder: hasMore });
      touched.add(`messages:${sessionId}`);
    });
  }

  /** One message as the server has it, after a change of ours to it was refused. */
  async restoreMessage(message: ChatMessage): Promise<void> {
    await this.write('relaxed', async (tx, touched) => {
      await this.#putStored(tx, message);
      touched.add(`messages:${message.sessionId}`).add('sessions');
    });
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
    return this.#parseAll('outbox', OutboxEntry, await tx.objectStore('outbox').getAll());
  }

  /** The rows of a transaction, as an optimistic effect sees them. */
  effects(tx: WriteTransaction, touched: Set<Topic>): EffectStore {
    return {
      session: async (id) =>
        this.#parseOne('sessions', StoredSession, await tx.objectStore('sessions').get(id)),
      message: async (id) => this.#parseOne('messages', MessageRow, await tx.objectStore('messages').get(id)),
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

  // ── Events ────────────────────────────────────────────────────────────────────────────────────────

  async #applyOne(
    tx: WriteTransaction,
    event: DurableEvent | StateEvent,
    touched: Set<Topic>,
  ): Promise<ApplyResult> {
    if (event.type === 'me.updated') {
      await tx.objectStore('meta').put(event.me, 'me');
      touched.add('sessions');
      return 'applied';
    }
    if (event.type === 'draft') return 'applied';
    const { sessionId } = event;
    const held = await this.#parseOne(
      'sessions',
      StoredSession,
      await tx.objectStore('sessions').get(sessionId),
    );
    // A conversation made here is the server's from its first event on.
    const session = held?.pendingCreate ? null : held;
    const isEntry =
      event.type === 'session.created' ||
      (event.type === 'member.joined' && event.member.userId === this.userId);
    if ('seq' in event && session && !isEntry && event.seq > session.lastSeq + 1) return 'gap';
    // The pure function needs only the message that the event is about.
    const messageId = 'messageId' in event ? event.messageId : null;
    const row = messageId
      ? await this.#parseOne('messages', MessageRow, await tx.objectStore('messages').get(messageId))
      : null;
    const copy = session && !session.left ? { session, messages: row ? [row] : [] } : null;
    const after = applyEvent(copy, event as SessionEvent, this.userId); // the two other kinds were handled above
    touched.add('sessions').add(`messages:${sessionId}`);
    if (!after) {
      if (session && event.type === 'member.left')
        await tx.objectStore('sessions').put({ ...session, left: true });
      return 'applied';
    }
    const { hasOlder = false } = session ?? {};
    await tx.objectStore('sessions').put({ ...after.session, hasOlder, pendingCreate: false, left: false });
    for (const message of after.messages) await this.#putStored(tx, message);
    return 'applied';
  }

  /** Invariant 12: whichever comes first, acknowledgement or event, there is one row under the message's id. */
  async #putStored(tx: WriteTransaction, message: ChatMessage): Promise<void> {
    const { sortKey: _sortKey, local: _local, ...wire } = message as MessageRow; // a row came from the copy above
    if (wire.seq === 0) {
      await tx.objectStore('messages').put(message);
      return;
    }
    await tx.objectStore('messages').put({ ...wire, sortKey: wire.seq, local: null });
  }

  async #replaceNewest(
    tx: WriteTransaction,
    sessionId: SessionId,
    messages: readonly ChatMessage[],
  ): Promise<void> {
    // Older rows stay only as long as nothing can be missing between them and these: that is not known, so they go.
    const stored = IDBKeyRange.bound([sessionId, 0], [sessionId, QUEUED_SORT_KEY]);
    let cursor = await tx.objectStore('messages').index('bySession').openCursor(stored);
    while (cursor) {
      await cursor.delete();
      cursor = await cursor.continue();
    }
    for (const message of messages) await this.#putStored(tx, message);
  }

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
      return this.#parseAll('messages', MessageRow, rows.slice(-limit).reverse());
    }
    const found: unknown[] = [];
    let cursor = await index.openCursor(range, 'prev');
    while (cursor && found.length < limit) {
      found.push(cursor.value);
      cursor = await cursor.continue();
    }
    return this.#parseAll('messages', MessageRow, found);
  }

  // ── Parsing ───────────────────────────────────────────────────────────────────────────────────────

  async #parseOne<T>(store: StoreName, schema: z.ZodType<T>, row: unknown): Promise<T | null> {
    if (row === undefined) return null;
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    this.#setAside(store, row);
    return null;
  }

  async #parseAll<T>(store: StoreName, schema: z.ZodType<T>, rows: readonly unknown[]): Promise<T[]> {
    const good: T[] = [];
    for (const row of rows) {
      const parsed = schema.safeParse(row);
      if (parsed.success) good.push(parsed.data);
      else this.#setAside(store, row);
    }
    return good;
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

function activityOf(row: SessionRow): string {
  const written = row.lastMessage?.createdAt ?? '';
  return [written, row.lastActivity].sort()[1] ?? '';
}
