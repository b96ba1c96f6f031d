import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Hub } from './hub.ts';

/** Who is typing where. Goes away by itself when the typist vanishes (invariant 14); routes nothing. */
export class Typing {
  #timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly hub: Hub) {}

  set(sessionId: SessionId, userId: UserId, isTyping: boolean): void {
    const key = `${sessionId} ${userId}`;
    const running = this.#timers.get(key);
    clearTimeout(running);
    this.#timers.delete(key);
    if (!isTyping && !running) return;
    const expiresInMs = isTyping ? limits.typingExpiresMs : 0;
    this.hub.tellSession(sessionId, { type: 'typing', sessionId, userId, isTyping, expiresInMs }, userId);
    if (isTyping) {
      const expire = () => this.set(sessionId, userId, false);
      this.#timers.set(key, setTimeout(expire, limits.typingExpiresMs).unref());
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
