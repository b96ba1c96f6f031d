import { applyEvent, type SessionEvent } from '../../protocol/apply-event.ts';
import type { DurableEvent, StateEvent } from '../../protocol/events.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { FormerMember, MessagePage, Snapshot, Verification } from '../../protocol/outputs.ts';
import type { ChatMessage, ChatSession, SessionMine } from '../../protocol/shapes.ts';
import type { Topic } from './changes.ts';
import { formerAfter, formerTold } from './former.ts';
import { KeptRows } from './kept.ts';
import { replaceMe } from './replace-me.ts';
import type { RowParser } from './row-parser.ts';
import { nothingMade, QUEUED_SORT_KEY, type StoredSession } from './rows.ts';
import type { WriteTransaction } from './schema.ts';
import { ServerRows } from './server-rows.ts';

export interface AppliedEvent {
  cursor: string;
  event: DurableEvent | StateEvent;
}

/**
 * What a batch of events came to: applied; or the copy has a hole and a fresh snapshot is needed; or it stands elsewhere
 * by now, for another tab has moved it on, and nothing was applied.
 */
export type ApplyResult = 'applied' | 'gap' | 'moved';

/**
 * What a conversation that was fetched came to: taken; or taken while its messages are behind, for nothing of one that
 * one has left is taken in; or left, for the copy stands elsewhere than the server did when it was asked.
 */
export type SessionResult = 'taken' | 'behind' | 'moved';

/** What the server says, written into this device's copy within one transaction. */
export class ServerWrites {
  readonly #rows: ServerRows;

  constructor(tx: WriteTransaction, touched: Set<Topic>, parser: RowParser, me: UserId) {
    this.#rows = new ServerRows(tx, touched, parser, me);
  }

  /**
   * Events up to the first that does not follow upon what is held, and the cursor behind the last one taken.
   * @param behind the cursor that they come behind, where it has to be the copy's: a tab that led, was frozen and goes
   * on is not to lay what it still had over what the next one has stored
   */
  async events(batch: readonly AppliedEvent[], behind?: string | null): Promise<ApplyResult> {
    if (behind !== undefined && !(await this.standsAt(behind))) return 'moved';
    let taken: string | null = null;
    let result: ApplyResult = 'applied';
    for (const { cursor, event } of batch) {
      result = await this.#taken(event);
      if (result === 'gap') break;
      taken = cursor;
    }
    if (taken !== null) this.#rows.putMeta('cursor', taken);
    await this.#rows.finish();
    return result;
  }

  async #event(event: DurableEvent | StateEvent): Promise<ApplyResult> {
    const rows = this.#rows;
    const { touched } = rows;
    if (event.type === 'me.updated') {
      rows.putMeta('me', event.me);
      touched.add('sessions');
      return 'applied';
    }
    if (event.type === 'draft') {
      await rows.putDraft(event);
      return 'applied';
    }
    if (event.type === 'project' || event.type === 'memory') {
      await new KeptRows(rows.tx, touched, rows.parser).event(event);
      return 'applied';
    }
    if (event.type === 'thread.read') {
      await rows.putThreadMark(event);
      return 'applied';
    }
    const { sessionId } = event;
    const held = await rows.session(sessionId);
    if (event.type === 'session.mine') {
      if (held) rows.putSession({ ...held, mine: event.mine });
      touched.add('sessions');
      return 'applied';
    }
    // A conversation made here is the server's from its first event on.
    const session = held?.pendingCreate ? null : held;
    const isEntry =
      event.type === 'session.created' || (event.type === 'member.joined' && event.member.userId === rows.me);
    if ('seq' in event && session && !isEntry && event.seq > session.lastSeq + 1) return 'gap';
    // Told of a conversation whose row was lost here; of one's own leaving there is nothing to be fetched.
    const isOwnLeaving = event.type === 'member.left' && event.userId === rows.me;
    if ('seq' in event && !held && !isEntry && !isOwnLeaving) return 'gap';
    // The pure function needs only the message that the event is about.
    const messageId = 'messageId' in event ? event.messageId : null;
    const row = messageId ? await rows.message(messageId) : null;
    const copy = session && !session.left ? { session, messages: row ? [row] : [] } : null;
    const after = applyEvent(copy, event as SessionEvent, rows.me); // the other kinds were handled above
    touched.add('sessions').add(`messages:${sessionId}`);
    if (!after) {
      if (session && event.type === 'member.left') rows.putSession({ ...session, left: true });
      return 'applied';
    }
    const isNewcomer = event.type === 'member.joined' && isEntry && after !== copy;
    // Whoever comes back sees what is said from then on: rows of an earlier membership are not the server's copy.
    if (isNewcomer) await rows.removeMessages(sessionId, 0, QUEUED_SORT_KEY);
    const { hasOlder = false, olderUnread = 0, completeAt = null } = isNewcomer ? {} : (session ?? {});
    const { mine = nothingMade } = held ?? {};
    const former = isNewcomer ? {} : formerAfter(held, after.session.members);
    const local = { hasOlder, olderUnread, completeAt, mine, pendingCreate: false, left: false, former };
    rows.putSession({ ...after.session, ...local });
    for (const message of after.messages) rows.putMessage(message);
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

  /**
   * Replaces what the server knows better; what is still queued here stays (invariant 9).
   * @param behind the copy's cursor when it was asked for, where nothing may have been applied since
   * @returns whether it was taken
   */
  async snapshot(snapshot: Snapshot, behind?: string | null): Promise<boolean> {
    const rows = this.#rows;
    if (behind !== undefined && !(await this.standsAt(behind))) return false;
    const { touched } = rows;
    const held = await rows.allSessions();
    const present = new Set<string>(snapshot.sessions.map((session) => session.id));
    for (const session of held) {
      if (present.has(session.id) || session.pendingCreate) continue;
      rows.putSession({ ...session, left: true });
    }
    const heldOf = new Map<string, StoredSession>(held.map((session) => [session.id, session]));
    const mineOf = new Map(snapshot.mine.map(({ sessionId, mine }) => [sessionId, mine]));
    for (const { messages, hasMore, unread, ...session } of snapshot.sessions) {
      // Older rows stay only as long as nothing can be missing between them and these: that is not known, so they go.
      await rows.removeMessages(session.id, 0, QUEUED_SORT_KEY);
      for (const message of messages) rows.putMessage(message);
      const mine = mineOf.get(session.id) ?? nothingMade;
      const olderUnread = Math.max(0, (unread ?? 0) - rows.unreadAmong(session, messages));
      const former = snapshot.former
        ? formerTold(snapshot.former, session.id)
        : formerAfter(heldOf.get(session.id) ?? null, session.members);
      const local = { completeAt: null, pendingCreate: false, left: false, mine, former };
      rows.putSession({ ...session, ...local, hasOlder: hasMore, olderUnread });
      touched.add(`messages:${session.id}`).add(`copy:${session.id}`);
    }
    for (const draft of snapshot.drafts) await rows.putDraft(draft);
    for (const mark of snapshot.threads) await rows.putThreadMark(mark);
    await new KeptRows(rows.tx, touched, rows.parser).replace(snapshot);
    if (snapshot.me) await replaceMe(rows.tx, rows.parser, snapshot.me);
    rows.putMeta('cursor', snapshot.cursor);
    touched.add('sessions');
    await rows.finish();
    return true;
  }

  /** A page of older messages, fetched while scrolling up. */
  async olderPage(sessionId: SessionId, { messages, hasMore }: MessagePage): Promise<void> {
    for (const message of messages) this.#rows.putMessage(message);
    const session = await this.#rows.session(sessionId);
    if (session) {
      const left = Math.max(0, session.olderUnread - this.#rows.unreadAmong(session, messages));
      this.#rows.putSession({ ...session, hasOlder: hasMore, olderUnread: hasMore ? left : 0 });
    }
    this.#rows.touched.add(`messages:${sessionId}`);
    await this.#rows.finish();
  }

  /** One message as the server has it. */
  async message(message: ChatMessage): Promise<void> {
    this.#rows.putMessage(message);
    this.#rows.touched.add(`messages:${message.sessionId}`).add('sessions');
    await this.#rows.finish();
  }

  /** A conversation as the server has it, after a change of ours to it came to nothing; its messages are another matter. */
  async session({ lastSeq, ...fields }: ChatSession & { mine?: SessionMine }): Promise<SessionResult> {
    const held = await this.#rows.session(fields.id);
    if (!held) return 'taken';
    // It counts what happened up to then: what lies between would be counted twice, or never.
    if (!held.left && held.lastSeq !== lastSeq) return 'moved';
    this.#rows.putSession({ ...held, ...fields, former: formerAfter(held, fields.members), left: false });
    this.#rows.touched.add('sessions');
    await this.#rows.finish();
    return held.left && held.lastSeq < lastSeq ? 'behind' : 'taken';
  }

  /** Whether the copy stands where it stood. */
  async standsAt(cursor: string | null): Promise<boolean> {
    return (await this.#rows.cursor()) === cursor;
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
    const session = await this.#rows.session(sessionId);
    if (!session || session.lastSeq !== lastSeq || state === 'moved' || state === 'gone') return 0;
    if (await this.#rows.hasWaiting(sessionId)) return 0;
    let mended = 0;
    for (const { from, to, messages } of blocks) {
      const own = new Map<string, Pick<ChatMessage, 'feedback' | 'starredAt'>>();
      const before = await this.#rows.messagesIn(sessionId, from, to);
      for (const { id, feedback, starredAt } of before) own.set(id, { feedback, starredAt });
      mended += Math.max(1, Math.abs(before.length - messages.length));
      await this.#rows.removeMessages(sessionId, from, to + 0.5);
      for (const message of messages) this.#rows.putMessage({ ...message, ...own.get(message.id) });
      this.#rows.touched.add(`messages:${sessionId}`).add(`copy:${sessionId}`);
    }
    this.#rows.putSession({ ...session, completeAt: at });
    this.#rows.touched.add('sessions');
    await this.#rows.finish();
    return mended;
  }

  /** How those who left are called now; who left after the server looked stays known. */
  async former(told: readonly FormerMember[]): Promise<void> {
    for (const sessionId of new Set(told.map((one) => one.sessionId))) {
      const session = await this.#rows.session(sessionId);
      const names = formerTold(told, sessionId);
      if (!session || Object.entries(names).every(([id, name]) => session.former[id] === name)) continue;
      this.#rows.putSession({ ...session, former: { ...session.former, ...names } });
      this.#rows.touched.add('sessions');
    }
    await this.#rows.finish();
  }
}
