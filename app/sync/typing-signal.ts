import type { SessionId } from '../../protocol/ids.ts';

const TELL_EVERY_MS = 3_000;
const STOPS_AFTER_MS = 4_000;

/** Called on every keystroke; tells the server rarely, and takes it back by itself. */
export class TypingSignal {
  #typing = new Map<SessionId, { last: number; stop: ReturnType<typeof setTimeout> }>();

  constructor(private readonly tell: (sessionId: SessionId, isTyping: boolean) => void) {}

  set(sessionId: SessionId, isTyping: boolean): void {
    const known = this.#typing.get(sessionId);
    if (known) clearTimeout(known.stop);
    if (!isTyping) {
      this.#typing.delete(sessionId);
      if (known) this.tell(sessionId, false);
      return;
    }
    const isDue = !known || Date.now() - known.last > TELL_EVERY_MS;
    if (isDue) this.tell(sessionId, true);
    const stop = setTimeout(() => this.set(sessionId, false), STOPS_AFTER_MS);
    this.#typing.set(sessionId, { last: isDue ? Date.now() : (known?.last ?? 0), stop });
  }

  close(): void {
    for (const { stop } of this.#typing.values()) clearTimeout(stop);
    this.#typing.clear();
  }
}
