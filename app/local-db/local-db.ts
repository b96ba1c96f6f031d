import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { MessagePage, Snapshot, Verification } from '../../protocol/outputs.ts';
import { Me } from '../../protocol/shapes.ts';
import { makePart } from '../parts/part.ts';
import { Changes, type Topic } from './changes.ts';
import { DraftRows } from './draft-rows.ts';
import { effectStore } from './effect-store.ts';
import type { EffectStore } from './effects.ts';
import { Handle, type StorageCondition } from './handle.ts';
import { KeptReads } from './kept-reads.ts';
import { MarkedReads } from './marked-reads.ts';
import { MessageReads } from './message-reads.ts';
import { type Damage, Quarantine } from './quarantine.ts';
import type { Restores } from './restores.ts';
import { RowParser } from './row-parser.ts';
import { LastKnown, MessageRow, OutboxEntry, type SessionRow, StoredSession } from './rows.ts';
import { type ChatIdb, storageNameOf, type WriteTransaction } from './schema.ts';
import { SearchRows } from './search-rows.ts';
import type { AppliedEvent, ApplyResult, ServerWrites } from './server-writes.ts';
import { listSessionRows } from './session-rows.ts';
import { Signal } from './signal.ts';
import { StrangeEntries } from './strange-entries.ts';
import { inTransaction, isQuota } from './transaction.ts';
import type { Untold } from './untold.ts';

const serverWriting = makePart(() => import('./server-writes.ts'));
const restoring = makePart(() => import('./restores.ts'));
const telling = makePart(() => import('./untold.ts'));

/** What a message with all that goes with it takes, and more. */
const ROOM_BYTES = 8_000;

/**
 * This device's own copy. Screens read it and nothing else; the network only changes it. Every row is parsed when it
 * is read: one that is not ours is set aside, never shown and never fatal.
 */
export class LocalDb {
  #handle: Handle;
  #changes: Changes;
  #parser: RowParser;
  #reads: MessageReads;
  /** Threads, stars, pins, and how one's own messages left. */
  readonly marked: MarkedReads;
  readonly drafts: DraftRows;
  /** One's own projects, and what Agent Jay remembers. */
  readonly kept: KeptReads;
  readonly search: SearchRows;
  readonly strange: StrangeEntries;
  #condition = new Signal<StorageCondition>();
  #emptied = new Signal<void>();
  #damage = new Signal<Damage>();

  private constructor(
    readonly userId: UserId,
    /** Names the database, and the channels and locks that go with it. */
    readonly storage: string,
    mayCreate = true,
  ) {
    this.#changes = new Changes(`${storage}:changes`);
    const handleEvents = {
      onCondition: (condition: StorageCondition) => this.#condition.tell(condition),
      onEmptied: () => this.#emptied.tell(),
    };
    this.#handle = new Handle(storage, handleEvents, mayCreate);
    const quarantine = new Quarantine(this.#handle, (damage) => {
      this.#changes.announce(['sessions']);
      this.#damage.tell(damage);
    });
    this.#parser = new RowParser((store, row, fits) => quarantine.take(store, row, fits));
    this.#reads = new MessageReads(this.#parser, userId);
    this.marked = new MarkedReads(this.#handle, this.#parser);
    this.drafts = new DraftRows(this.#handle, this.#parser, this.#changes);
    this.kept = new KeptReads(this.#handle, this.#parser);
    this.search = new SearchRows(this.#handle, this.#parser);
    this.strange = new StrangeEntries(this.#handle, this.#changes);
  }

  /** @param onBlocked told that an older tab stands in the way; the copy opens once that tab is gone */
  static async open(
    userId: UserId,
    storage = storageNameOf(userId),
    onBlocked: () => void = () => {},
  ): Promise<LocalDb> {
    const db = new LocalDb(userId, storage);
    const off = db.onCondition((condition) => condition === 'blocked' && onBlocked());
    try {
      await db.#handle.open();
    } catch (error) {
      db.#changes.close();
      throw error;
    } finally {
      off();
    }
    return db;
  }

  /** The copy of an account if there is one here; none is made behind the back of whoever signed out (invariant 26). */
  static async openExisting(userId: UserId): Promise<LocalDb | null> {
    const db = new LocalDb(userId, storageNameOf(userId), false);
    try {
      await db.#handle.open();
      return db;
    } catch {
      await db.close();
      return null;
    }
  }

  subscribe(topics: readonly Topic[], listener: () => void): () => void {
    return this.#changes.subscribe(topics, listener);
  }

  /** Told of every change, with its topics. */
  subscribeAll(listener: (topics: readonly Topic[]) => void): () => void {
    return this.#changes.subscribeAll(listener);
  }

  get condition(): StorageCondition {
    return this.#handle.condition;
  }

  onCondition(listener: (condition: StorageCondition) => void): () => void {
    return this.#condition.add(listener);
  }

  /** The browser cleared what was here: everything has to be fetched again. */
  onEmptied(listener: () => void): () => void {
    return this.#emptied.add(listener);
  }

  /** Rows that were not ours have been set aside: the server's have to be fetched in their place. */
  onDamage(listener: (damage: Damage) => void): () => void {
    return this.#damage.add(listener);
  }

  async close(): Promise<void> {
    this.#changes.close();
    await this.#handle.close();
  }

  // ── Reading ───────────────────────────────────────────────────────────────────────────────────────

  /** Conversations, pinned ones on top, newest activity first. `archived` lists those put away, or left. */
  async listSessions({ archived = false }: { archived?: boolean } = {}): Promise<SessionRow[]> {
    const outbox = await this.listOutbox();
    return this.#handle.run((idb) => listSessionRows(idb, this.#parser, this.#reads, outbox, archived));
  }

  async getSession(id: SessionId): Promise<StoredSession | null> {
    const row = await this.#handle.run((idb) => idb.get('sessions', id));
    return this.#parser.one('sessions', StoredSession, row);
  }

  /** The last ones before `before`, a sort key; oldest first. */
  listMessages(
    sessionId: SessionId,
    { limit, before = Number.POSITIVE_INFINITY }: { limit: number; before?: number },
  ): Promise<MessageRow[]> {
    return this.#handle.run((idb) => this.#reads.before(idb, sessionId, before, limit));
  }

  /** Those that stand behind a sort key, oldest first. */
  listMessagesAfter(sessionId: SessionId, after: number, limit: number): Promise<MessageRow[]> {
    return this.#handle.run((idb) => this.#reads.after(idb, sessionId, after, limit));
  }

  /** Those from one sort key to another, both included; oldest first. */
  messagesBetween(sessionId: SessionId, from: number, to: number): Promise<MessageRow[]> {
    return this.#handle.run((idb) => this.#reads.between(idb, sessionId, from, to));
  }

  /** Where the stored part of a conversation begins on this device; null when nothing of it is here. */
  oldestSeq(sessionId: SessionId): Promise<number | null> {
    return this.#handle.run((idb) => this.#reads.oldestSeq(idb, sessionId));
  }

  async getMessage(id: MessageId): Promise<MessageRow | null> {
    const row = await this.#handle.run((idb) => idb.get('messages', id));
    return this.#parser.one('messages', MessageRow, row);
  }

  async listOutbox(): Promise<OutboxEntry[]> {
    const rows = await this.#handle.run((idb) => idb.getAll('outbox'));
    return this.#parser.all('outbox', OutboxEntry, rows);
  }

  async getCursor(): Promise<string | null> {
    const cursor = await this.#meta('cursor');
    return typeof cursor === 'string' ? cursor : null;
  }

  /** What was known of others when this device was connected last. */
  async getLastKnown(): Promise<LastKnown | null> {
    const parsed = LastKnown.safeParse(await this.#meta('lastKnown'));
    return parsed.success ? parsed.data : null;
  }

  async saveLastKnown(known: LastKnown): Promise<void> {
    await this.#handle.run((idb) => idb.put('meta', known, 'lastKnown'));
  }

  async getMe(): Promise<Me | null> {
    const parsed = Me.safeParse(await this.#meta('me'));
    return parsed.success ? parsed.data : null;
  }

  // ── Writing ───────────────────────────────────────────────────────────────────────────────────────

  /**
   * Who this copy belongs to, as somebody read it before. Nothing is written where something is stored: another tab may
   * have applied what the server told since, and the server does not tell it again.
   * @returns what is stored
   */
  async keepMe(me: Me): Promise<Me> {
    if ((await this.getMe()) === null) await this.saveMe(me, null);
    return (await this.getMe()) ?? me;
  }

  /** @param before nothing is written unless this is what is stored; null: unless nothing is */
  async saveMe(me: Me, before?: Me | null): Promise<void> {
    await this.write('relaxed', async (tx, touched) => {
      const meta = tx.objectStore('meta');
      const stored = Me.safeParse(await meta.get('me')).data ?? null;
      if (before !== undefined && JSON.stringify(stored) !== JSON.stringify(before)) return;
      await meta.put(me, 'me');
      touched.add('sessions');
    });
  }

  /** Events and the cursor behind the last of them, in one transaction (invariant 8); see ServerWrites.events. */
  async applyEvents(batch: readonly AppliedEvent[], behind?: string | null): Promise<ApplyResult> {
    return this.#fromServer((writes) => writes.events(batch, behind));
  }

  applySnapshot(snapshot: Snapshot, behind?: string | null): Promise<boolean> {
    return this.#fromServer((writes) => writes.snapshot(snapshot, behind));
  }

  addOlder(sessionId: SessionId, page: MessagePage): Promise<void> {
    return this.#fromServer((writes) => writes.olderPage(sessionId, page));
  }

  /** What the server said of copies as they were at `lastSeq`; see ServerWrites.verified. Resolves with rows mended. */
  applyVerification(verification: Verification, lastSeqOf: ReadonlyMap<SessionId, number>): Promise<number> {
    return this.#fromServer(async (writes) => {
      let mended = 0;
      for (const session of verification.sessions) {
        const lastSeq = lastSeqOf.get(session.sessionId);
        if (lastSeq !== undefined) mended += await writes.verified(session, lastSeq, verification.at);
      }
      await writes.former(verification.former);
      return mended;
    });
  }

  /** What is put back after a change of ours came to nothing; as late as what the server writes. */
  async restores(): Promise<Restores> {
    const { Restores } = await restoring.fetch();
    return new Restores(this, this.#parser, await this.getCursor());
  }

  /** What the server may not have heard of yet. */
  async untold(): Promise<Untold> {
    const { untoldIn } = await telling.fetch();
    return this.#handle.run((idb) => untoldIn(idb, this.#parser, this.#reads, this.userId));
  }

  async #fromServer<T>(work: (writes: ServerWrites) => Promise<T>): Promise<T> {
    // Not among what a first screen is painted from; and here before the transaction, which waits for nothing else.
    const { ServerWrites } = await serverWriting.fetch();
    return this.write('relaxed', (tx, touched) =>
      work(new ServerWrites(tx, touched, this.#parser, this.userId)),
    );
  }

  /** For the outbox: one transaction over everything. Resolves once it is committed. */
  write<T>(
    durability: IDBTransactionDurability,
    work: (tx: WriteTransaction, touched: Set<Topic>) => Promise<T>,
  ): Promise<T> {
    return this.#handle.run(async (idb) => {
      const touched = new Set<Topic>();
      try {
        const result = await inTransaction(idb, durability, (tx) => work(tx, touched));
        this.#changes.announce(touched);
        if (this.#handle.condition === 'full') await this.#lookForRoom(idb);
        return result;
      } catch (error) {
        if (isQuota(error)) this.#handle.noteRoom(false);
        throw error;
      }
    });
  }

  /** What was only deleted was written without room: that there is some again shows in a row which takes it. */
  async #lookForRoom(idb: ChatIdb): Promise<void> {
    const tries = inTransaction(idb, 'relaxed', async (tx) => {
      const meta = tx.objectStore('meta');
      await meta.put('.'.repeat(ROOM_BYTES), 'room');
      await meta.delete('room');
    });
    await tries.then(
      () => this.#handle.noteRoom(true),
      () => {},
    );
  }

  /** The outbox as a transaction sees it. */
  async listEntries(tx: WriteTransaction): Promise<OutboxEntry[]> {
    return this.#parser.all('outbox', OutboxEntry, await tx.objectStore('outbox').getAll());
  }

  /** The rows of a transaction, as an optimistic effect sees them. */
  effects(tx: WriteTransaction, touched: Set<Topic>): EffectStore {
    return effectStore(tx, touched, this.#parser);
  }

  #meta(name: string): Promise<unknown> {
    return this.#handle.run((idb) => idb.get('meta', name));
  }
}
