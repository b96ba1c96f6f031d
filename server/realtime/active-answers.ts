import type { MessageId, SessionId } from '../../protocol/ids.ts';

/** Text so far of the answers being written, so that whoever joins in the middle gets all of it at once. */
export class ActiveAnswers {
  #bySession = new Map<SessionId, Map<MessageId, string>>();

  /** @returns the offset at which `text` stands, in UTF-16 units */
  extend(sessionId: SessionId, messageId: MessageId, text: string): number {
    let answers = this.#bySession.get(sessionId);
    if (!answers) {
      answers = new Map();
      this.#bySession.set(sessionId, answers);
    }
    const before = answers.get(messageId) ?? '';
    answers.set(messageId, before + text);
    return before.length;
  }

  end(sessionId: SessionId, messageId: MessageId): void {
    const answers = this.#bySession.get(sessionId);
    answers?.delete(messageId);
    if (answers?.size === 0) this.#bySession.delete(sessionId);
  }

  in(sessionId: SessionId): ReadonlyMap<MessageId, string> {
    return this.#bySession.get(sessionId) ?? NONE;
  }
}

const NONE: ReadonlyMap<MessageId, string> = new Map();
