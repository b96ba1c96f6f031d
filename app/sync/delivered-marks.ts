import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { AppliedEvent } from '../local-db/server-writes.ts';

const TELL_AFTER_MS = 150;

/** Tells the server how far other people's messages have come to this device; many that come at once in one go. */
export class DeliveredMarks {
  #reached = new Map<SessionId, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly me: UserId,
    private readonly tell: (sessionId: SessionId, deliveredSeq: number) => void,
  ) {}

  follow(events: readonly AppliedEvent[]): void {
    for (const { event } of events) {
      if (event.type !== 'message.created' || event.message.userId === this.me) continue;
      this.reach(event.sessionId, event.seq);
    }
  }

  reach(sessionId: SessionId, seq: number): void {
    this.#reached.set(sessionId, Math.max(seq, this.#reached.get(sessionId) ?? 0));
    this.#timer ??= setTimeout(() => this.#tellAll(), TELL_AFTER_MS);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #tellAll(): void {
    this.#timer = null;
    const marks = [...this.#reached];
    this.#reached.clear();
    for (const [sessionId, seq] of marks) this.tell(sessionId, seq);
  }
}
