import type { EphemeralEvent } from '../../protocol/events.ts';
import { fingerprintOfText } from '../../protocol/fingerprint.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Presence } from '../../protocol/shapes.ts';
import { Store } from './store.ts';

/** What is true only now. Never stored; each part goes away by itself or with what replaces it. */
export interface EphemeralState {
  typing: Readonly<Record<SessionId, readonly UserId[]>>;
  /** Text so far of the answers being written. */
  answers: Readonly<Record<MessageId, string>>;
  presence: Readonly<Record<UserId, Presence>>;
  suggestions: Readonly<Record<SessionId, { messageId: MessageId; suggestions: readonly string[] }>>;
}

const nothing: EphemeralState = { typing: {}, answers: {}, presence: {}, suggestions: {} };

export class Ephemeral {
  readonly store = new Store<EphemeralState>(nothing);
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  apply(event: EphemeralEvent): void {
    const state = this.store.get();
    switch (event.type) {
      case 'typing':
        this.#typing(event.sessionId, event.userId, event.isTyping, event.expiresInMs);
        return;
      case 'presence': {
        const { type: _type, ...presence } = event;
        this.store.set({ ...state, presence: { ...state.presence, [event.userId]: presence } });
        return;
      }
      case 'turn.delta': {
        const before = state.answers[event.messageId] ?? '';
        // A piece from beyond what we have: the whole comes with the next reconnection, or with the completed answer.
        if (event.offset > before.length) return;
        const text = before.slice(0, event.offset) + event.text;
        // A late full copy may be shorter than what has been shown since.
        if (event.offset === 0 && before.startsWith(text)) return;
        this.store.set({ ...state, answers: { ...state.answers, [event.messageId]: text } });
        return;
      }
      case 'suggestions': {
        const { sessionId, messageId, suggestions } = event;
        this.store.set({
          ...state,
          suggestions: { ...state.suggestions, [sessionId]: { messageId, suggestions } },
        });
        return;
      }
    }
  }

  /** The completed answer is in the local database now. */
  endAnswer(messageId: MessageId): void {
    const state = this.store.get();
    if (!(messageId in state.answers)) return;
    const { [messageId]: _ended, ...answers } = state.answers;
    this.store.set({ ...state, answers });
  }

  /** What is shown of the answers being written, so that a stream that comes back brings only the rest. */
  heldAnswers(): HeldAnswer[] {
    return Object.entries(this.store.get().answers)
      .slice(-limits.heldAnswers)
      .map(([id, text]) => ({
        messageId: id as MessageId, // the keys of `answers` are
        length: text.length,
        fingerprint: fingerprintOfText(text),
      }));
  }

  setPresence(list: readonly Presence[]): void {
    const state = this.store.get();
    const presence = { ...state.presence, ...Object.fromEntries(list.map((one) => [one.userId, one])) };
    this.store.set({ ...state, presence });
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.store.set(nothing);
  }

  #typing(sessionId: SessionId, userId: UserId, isTyping: boolean, expiresInMs: number): void {
    const state = this.store.get();
    const key = `${sessionId} ${userId}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const others = (state.typing[sessionId] ?? []).filter((id) => id !== userId);
    this.store.set({
      ...state,
      typing: { ...state.typing, [sessionId]: isTyping ? [...others, userId] : others },
    });
    // Gone by itself, also when the event that says so never comes (invariant 14).
    if (isTyping)
      this.#timers.set(
        key,
        setTimeout(() => this.#typing(sessionId, userId, false, 0), expiresInMs),
      );
  }
}
