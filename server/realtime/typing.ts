import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Live } from './live.ts';

/** Who is typing where. Goes away by itself when the typist vanishes (invariant 14); routes nothing. */
export class Typing {
  #timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly live: Pick<Live, 'tellSession'>) {}

  set(sessionId: SessionId, userId: UserId, isTyping: boolean): void {
    const wasTyping = this.#timers.has(keyOf(sessionId, userId));
    this.#remember(sessionId, userId, isTyping, () => this.set(sessionId, userId, false));
    if (!isTyping && !wasTyping) return;
    const expiresInMs = isTyping ? limits.typingExpiresMs : 0;
    this.live.tellSession(sessionId, { type: 'typing', sessionId, userId, isTyping, expiresInMs }, userId);
  }

  /** Said on another node, which tells everyone: the typist's next word may come here, or the end of it. */
  heard(sessionId: SessionId, userId: UserId, isTyping: boolean): void {
    this.#remember(sessionId, userId, isTyping, () => this.#timers.delete(keyOf(sessionId, userId)));
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #remember(sessionId: SessionId, userId: UserId, isTyping: boolean, onExpired: () => void): void {
    const key = keyOf(sessionId, userId);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    if (isTyping) this.#timers.set(key, setTimeout(onExpired, limits.typingExpiresMs).unref());
  }
}

const keyOf = (sessionId: SessionId, userId: UserId) => `${sessionId} ${userId}`;
