import type { DurableEvent, StateEvent } from '../../protocol/events.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { Tx } from '../store/prisma-types.ts';
import type { Audience, LogEntry } from './log-entry.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type EventBody = Without<DurableEvent, 'seq' | 'sessionId'>;

/**
 * One write that is not a send: it runs alone, holding the log's head, and everything it does commits or vanishes
 * together. Obtained from `Log.change`.
 */
export class Change {
  readonly entries: LogEntry[] = [];
  /** Tells the runner that a turn was committed with this change. */
  turnAsked = false;

  constructor(
    /** For the verb's own reads and writes. */
    readonly tx: Tx,
    private headPos: number,
    /** The moment of this change, in whole milliseconds; later than that of every change before it. */
    readonly now: Date,
  ) {}

  get pos(): number {
    return this.headPos;
  }

  get at(): string {
    return this.now.toISOString();
  }

  /** The position that the next `append` or `stamp` will take. */
  get nextPos(): number {
    return this.headPos + 1;
  }

  /**
   * Appends a durable event with the session's next `seq`.
   * @param body the event, or a function of the seq that it will have
   */
  async append(
    sessionId: SessionId,
    body: EventBody | ((seq: number) => EventBody | Promise<EventBody>),
  ): Promise<DurableEvent> {
    // What `applyEvent` stamps on a copy is stamped here too (invariant 10): edits, reactions and answers are not.
    const touches =
      typeof body === 'function' || body.type === 'session.updated' || body.type === 'member.left';
    const { lastSeq: seq } = await this.tx.chatSession.update({
      where: { id: sessionId },
      data: { lastSeq: { increment: 1 }, ...(touches ? { updatedAt: this.now } : {}) },
      select: { lastSeq: true },
    });
    const resolved = typeof body === 'function' ? await body(seq) : body;
    const { type, ...rest } = resolved;
    // The union's members differ only in what `rest` carries, which spreading keeps.
    const event = { type, sessionId, seq, ...rest } as DurableEvent;
    const payload = JSON.stringify(event);
    this.headPos += 1;
    await this.tx.$executeRaw`
      INSERT INTO "ChatEvent" (pos, "sessionId", seq, type, payload, "createdAt")
      VALUES (${this.headPos}, ${sessionId}, ${seq}, ${type}, ${payload}::json, ${this.now})`;
    this.entries.push({ pos: this.headPos, type, audience: { sessionId }, payload });
    return event;
  }

  /** Takes a position for a newest-value row; the caller stores it as the row's `statePos`. */
  stamp(audience: Audience, event: StateEvent): number {
    this.headPos += 1;
    this.entries.push({ pos: this.headPos, type: event.type, audience, payload: JSON.stringify(event) });
    return this.headPos;
  }
}
