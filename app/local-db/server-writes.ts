import { applyEvent, type SessionEvent } from '../../protocol/apply-event.ts';
import type { DurableEvent, StateEvent } from '../../protocol/events.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import { isCounted } from '../../protocol/outbox.ts';
import type {
  FormerMember,
  MessagePage,
  Snapshot,
  StoredDraft,
  ThreadMark,
  Verification,
} from '../../protocol/outputs.ts';
import type { ChatMessage, ChatSession, SessionMine } from '../../protocol/shapes.ts';
import { isUnread } from '../../protocol/unread.ts';
import type { Topic } from './changes.ts';
import { formerAfter, formerTold } from './former.ts';
import { KeptRows } from './kept.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, MessageRow, nothingMade, OutboxEntry, QUEUED_SORT_KEY, StoredSession } from './rows.ts';
import type { WriteTransaction } from './schema.ts';
import { putThreadMark } from './thread-marks.ts';

export interface AppliedEvent {
  cursor: string;
  event: DurableEvent | StateEvent;
}

/** What a batch of events came to: applied, or the copy has a hole and a fresh snapshot is needed. */
export type ApplyResult = 'applied' | 'gap';

/** What the server says, written into this device's copy within one transaction. */
export class ServerWrites {
  /** Conversations as this transaction has them so far; those that changed are stored once, at its end. */
  #sessions = new Map<SessionId, StoredSession | null>();
  #changed = new Set<SessionId>();
  #puts: Promise<unknown>[] = [];

  constructor(
    private readonly tx: WriteTransaction,
    private readonly touched: Set<Topic>,
    private readonly parser: RowParser,
    private readonly me: UserId,
  ) {}

  /** Events up to the first that does not follow upon what is held, and the cursor behind the last one taken. */
  async events(batch: readonly AppliedEvent[]): Promise<ApplyResult> {
    let taken: string | null = null;
    let result: ApplyResult = 'applied';
    for (const { cursor, event } of batch) {
      result = await this.#taken(event);
      if (result === 'gap') break;
      taken = cursor;
    }
    if (taken !== null) this.#puts.push(this.tx.objectStore('meta').put(taken, 'cursor'));
    await this.#finish();
    return result;
  }

  async #event(event: DurableEvent | StateEvent): Promise<ApplyResult> {
    const { tx, touched, parser } = this;
    if (event.type === 'me.updated') {
      this.#puts.push(tx.objectStore('meta').put(event.me, 'me'));
      touched.add('sessions');
      return 'applied';
    }
    if (event.type === 'draft') {
      await this.#draft(event);
      return 'applied';
    }
    if (event.type === 'project' || event.type === 'memory') {
      await new KeptRows(tx, touched, parser).event(event);
      return 'applied';
    }
    if (event.type === 'thread.read') {
      await this.#threadMark(event);
      return 'applied';
    }
    const { sessionId } = event;
    const held = await this.#session(sessionId);
    if (event.type === 'session.mine') {
      if (held) this.#putSession({ ...held, mine: event.mine });
      touched.add('sessions');
      return 'applied';
    }
    // A conversation made here is the server's from its first event on.
    const session = held?.pendingCreate ? null : held;
    const isEntry =
      event.type === 'session.created' || (event.type === 'member.joined' && event.member.userId === this.me);
    if ('seq' in event && session && !isEntry && event.seq > session.lastSeq + 1) return 'gap';
    // Told of a conversation whose row was lost here; of one's own leaving there is nothing to be fetched.
    const isOwnLeaving = event.type === 'member.left' && event.userId === this.me;
    if ('seq' in event && !held && !isEntry && !isOwnLeaving) return 'gap';
    // The pure function needs only the message that the event is about.
    const messageId = 'messageId' in event ? event.messageId : null;
    const row = messageId
      ? parser.one('messages', MessageRow, await tx.objectStore('messages').get(messageId))
      : null;
    const copy = session && !session.left ? { session, messages: row ? [row] : [] } : null;
    const after = applyEvent(copy, event as SessionEvent, this.me); // the other kinds were handled above
    touched.add('sessions').add(`messages:${sessionId}`);
    if (!after) {
      if (session && event.type === 'member.left') this.#putSession({ ...session, left: true });
      return 'applied';
    }
    const isNewcomer = event.type === 'member.joined' && isEntry && after !== copy;
    // Whoever comes back sees what is said from then on: rows of an earlier membership are not the server's copy.
    if (isNewcomer) await this.#removeStored(sessionId, 0, QUEUED_SORT_KEY);
    const { hasOlder = false, olderUnread = 0, completeAt = null } = isNewcomer ? {} : (session ?? {});
    const { mine = nothingMade } = held ?? {};
    const former = isNewcomer ? {} : formerAfter(held, after.session.members);
    const local = { hasOlder, olderUnread, completeAt, mine, pendingCreate: false, left: false, former };
    this.#putSession({ ...after.session, ...local });
    for (const message of after.messages) this.#message(message);
    return 'applied';
  }

  /** What cannot be applied to this copy would come again for ever: like a hole in it, it is mended by a snapshot. */
  async #taken(event: DurableEvent | StateEvent): Promise<ApplyResult> {
    try {
      return await this.#event(event);
    } catch (error) {
      // The device's own trouble: nothing is wrong with the event.
      if (error instanceof DOMException) throw error;
      console.error(error);
      return 'gap';
    }
  }

  /** Replaces what the server knows better; what is still queued here stays (invariant 9). */
  async snapshot(snapshot: Snapshot): Promise<void> {
    const { tx, touched, parser } = this;
    const held = parser.all('sessions', StoredSession, await tx.objectStore('sessions').getAll());
    const present = new Set<string>(snapshot.sessions.map((session) => session.id));
    for (const session of held) {
      if (present.has(session.id) || session.pendingCreate) continue;
      this.#putSession({ ...session, left: true });
    }
    const heldOf = new Map<string, StoredSession>(held.map((session) => [session.id, session]));
    const mineOf = new Map(snapshot.mine.map(({ sessionId, mine }) => [sessionId, mine]));
    for (const { messages, hasMore, unread, ...session } of snapshot.sessions) {
      // Older rows stay only as long as nothing can be missing between them and these: that is not known, so they go.
      await this.#removeStored(session.id, 0, QUEUED_SORT_KEY);
      for (const message of messages) this.#message(message);
      const mine = mineOf.get(session.id) ?? nothingMade;
      const olderUnread = Math.max(0, (unread ?? 0) - this.#unreadAmong(session, messages));
      const former = snapshot.former
        ? formerTold(snapshot.former, session.id)
        : formerAfter(heldOf.get(session.id) ?? null, session.members);
      const local = { completeAt: null, pendingCreate: false, left: false, mine, former };
      this.#putSession({ ...session, ...local, hasOlder: hasMore, olderUnread });
      touched.add(`messages:${session.id}`).add(`copy:${session.id}`);
    }
    for (const draft of snapshot.drafts) await this.#draft(draft);
    for (const mark of snapshot.threads) await this.#threadMark(mark);
    await new KeptRows(tx, touched, parser).replace(snapshot);
    this.#puts.push(tx.objectStore('meta').put(snapshot.cursor, 'cursor'));
    touched.add('sessions');
    await this.#finish();
  }

  /** A page of older messages, fetched while scrolling up. */
  async olderPage(sessionId: SessionId, { messages, hasMore }: MessagePage): Promise<void> {
    for (const message of messages) this.#message(message);
    const session = await this.#session(sessionId);
    if (session) {
      const left = Math.max(0, session.olderUnread - this.#unreadAmong(session, messages));
      this.#putSession({ ...session, hasOlder: hasMore, olderUnread: hasMore ? left : 0 });
    }
    this.touched.add(`messages:${sessionId}`);
    await this.#finish();
  }

  /** One message as the server has it. */
  async message(message: ChatMessage): Promise<void> {
    this.#message(message);
    this.touched.add(`messages:${message.sessionId}`).add('sessions');
    await this.#finish();
  }

  /**
   * A conversation as the server has it, after a change of ours to it came to nothing; its messages are another matter.
   * @returns whether they are behind: nothing of a conversation that one has left is taken in
   */
  async session({ lastSeq, ...fields }: ChatSession & { mine?: SessionMine }): Promise<boolean> {
    const held = await this.#session(fields.id);
    const former = formerAfter(held, fields.members);
    if (held) this.#putSession({ ...held, ...fields, former, left: false });
    this.touched.add('sessions');
    await this.#finish();
    return held?.left === true && held.lastSeq < lastSeq;
  }

  /**
   * Mends the blocks that differ, unless the copy has moved on since it was described.
   * @returns how many rows were missing, wrong or not the server's
   */
  async verified(
    { sessionId, state, blocks }: Verification['sessions'][number],
    lastSeq: number,
    at: string,
  ): Promise<number> {
    const session = await this.#session(sessionId);
    if (!session || session.lastSeq !== lastSeq || state === 'moved' || state === 'gone') return 0;
    if (await this.#hasWaiting(sessionId)) return 0;
    let mended = 0;
    for (const { from, to, messages } of blocks) {
      const own = new Map<string, Pick<ChatMessage, 'feedback' | 'starredAt'>>();
      const before = await this.#storedIn(sessionId, from, to);
      for (const { id, feedback, starredAt } of before) own.set(id, { feedback, starredAt });
      mended += Math.max(1, Math.abs(before.length - messages.length));
      await this.#removeStored(sessionId, from, to + 0.5);
      for (const message of messages) this.#message({ ...message, ...own.get(message.id) });
      this.touched.add(`messages:${sessionId}`).add(`copy:${sessionId}`);
    }
    this.#putSession({ ...session, completeAt: at });
    this.touched.add('sessions');
    await this.#finish();
    return mended;
  }

  /** How those who left are called now; who left after the server looked stays known. */
  async former(told: readonly FormerMember[]): Promise<void> {
    for (const sessionId of new Set(told.map((one) => one.sessionId))) {
      const session = await this.#session(sessionId);
      const names = formerTold(told, sessionId);
      if (!session || Object.entries(names).every(([id, name]) => session.former[id] === name)) continue;
      this.#putSession({ ...session, former: { ...session.former, ...names } });
      this.touched.add('sessions');
    }
    await this.#finish();
  }

  /** Invariant 12: whichever comes first, acknowledgement or event, there is one row under the message's id. */
  #message(message: ChatMessage): void {
    const { sortKey: _sortKey, local: _local, ...wire } = message as MessageRow; // a row came from the copy above
    const row = wire.seq === 0 ? message : { ...wire, sortKey: wire.seq, local: null };
    this.#puts.push(this.tx.objectStore('messages').put(row));
    this.touched.add(`message:${message.id}`);
  }

  /** Requests are carried out in their order: nobody has to wait for one before making the next. */
  async #finish(): Promise<void> {
    for (const id of this.#changed) {
      const session = this.#sessions.get(id);
      if (session) this.#puts.push(this.tx.objectStore('sessions').put(session));
    }
    this.#changed.clear();
    await Promise.all(this.#puts.splice(0));
  }

  #unreadAmong({ members }: Pick<ChatSession, 'members'>, messages: readonly ChatMessage[]): number {
    const readSeq = members.find((member) => member.userId === this.me)?.readSeq ?? Number.POSITIVE_INFINITY;
    return messages.filter((message) => isUnread(message, this.me, readSeq)).length;
  }

  #putSession(session: StoredSession): void {
    this.#sessions.set(session.id, session);
    this.#changed.add(session.id);
  }

  /**
   * The newest wins; what this device has not yet told the server is newer by what it knows. Of the same words the
   * server knows better when they were written: a clock that is ahead here must not win for ever.
   */
  async #draft({ sessionId, content, at }: StoredDraft): Promise<void> {
    const drafts = this.tx.objectStore('drafts');
    const held = this.parser.one('drafts', Draft, await drafts.get(sessionId));
    if (held && held.at >= at && held.content !== content) return;
    await drafts.put({ sessionId, content, at });
    this.touched.add('sessions').add(`draft:${sessionId}`);
  }

  async #threadMark(mark: ThreadMark): Promise<void> {
    await putThreadMark(this.tx, mark);
    this.touched.add(`messages:${mark.sessionId}`);
  }

  async #session(id: SessionId): Promise<StoredSession | null> {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const row = this.parser.one('sessions', StoredSession, await this.tx.objectStore('sessions').get(id));
    this.#sessions.set(id, row);
    return row;
  }

  async #hasWaiting(sessionId: SessionId): Promise<boolean> {
    const entries = this.parser.all('outbox', OutboxEntry, await this.tx.objectStore('outbox').getAll());
    return entries.some((entry) => entry.sessionId === sessionId && isCounted(entry.op));
  }

  async #storedIn(sessionId: SessionId, from: number, to: number): Promise<MessageRow[]> {
    const range = IDBKeyRange.bound([sessionId, from], [sessionId, to]);
    const rows = await this.tx.objectStore('messages').index('bySession').getAll(range);
    return this.parser.all('messages', MessageRow, rows);
  }

  async #removeStored(sessionId: SessionId, from: number, below: number): Promise<void> {
    const range = IDBKeyRange.bound([sessionId, from], [sessionId, below]);
    const messages = this.tx.objectStore('messages');
    for (const id of await messages.index('bySession').getAllKeys(range))
      this.#puts.push(messages.delete(id));
  }
}
