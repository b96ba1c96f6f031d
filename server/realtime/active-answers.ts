import type { EphemeralEvent } from '../../protocol/events.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { restOf } from './rest-of-answer.ts';

type Piece = Extract<EphemeralEvent, { type: 'turn.delta' }>;

const ENDED_AT_MOST = 1_000;
/** Of all texts together, in UTF-16 units: 300 of the longest answers. */
const UNITS_AT_MOST = 30_000_000;
/** What an answer takes beside its text. */
const UNITS_PER_ANSWER = 500;

/**
 * Text so far of the answers being written, so that whoever joins in the middle gets all of it at once. One whose
 * conversation is erased meanwhile has no end in the log: where there are too many, the one that has not grown for longest
 * is given up, and is seen again when it is complete.
 */
export class ActiveAnswers {
  #bySession = new Map<SessionId, Map<MessageId, string>>();
  /** What grew last stands last. */
  #sessionOf = new Map<MessageId, SessionId>();
  #units = 0;
  /** Lately ended, oldest first: a piece that another node's bus brings late must not begin them anew. */
  #ended = new Set<MessageId>();

  constructor(private readonly unitsAtMost = UNITS_AT_MOST) {}

  /** Forgets what was told of an answer, which is now written from its beginning. */
  begin(sessionId: SessionId, messageId: MessageId): void {
    this.#forget(sessionId, messageId);
    this.#ended.delete(messageId);
  }

  /** @returns the offset at which `text` stands, in UTF-16 units; null for an answer that has ended */
  extend(sessionId: SessionId, messageId: MessageId, text: string): number | null {
    if (this.#ended.has(messageId)) return null;
    let answers = this.#bySession.get(sessionId);
    if (!answers) {
      answers = new Map();
      this.#bySession.set(sessionId, answers);
    }
    const before = answers.get(messageId);
    answers.set(messageId, (before ?? '') + text);
    this.#units += text.length + (before === undefined ? UNITS_PER_ANSWER : 0);
    this.#sessionOf.delete(messageId);
    this.#sessionOf.set(messageId, sessionId);
    for (const [idle, where] of this.#sessionOf) {
      if (this.#units <= this.unitsAtMost || idle === messageId) break;
      this.end(where, idle);
    }
    return before?.length ?? 0;
  }

  end(sessionId: SessionId, messageId: MessageId): void {
    this.#forget(sessionId, messageId);
    this.#ended.add(messageId);
    if (this.#ended.size <= ENDED_AT_MOST) return;
    for (const oldest of this.#ended) {
      this.#ended.delete(oldest);
      break;
    }
  }

  /** What a stream that joins in the middle lacks of the answers being written in its sessions. */
  *lackedBy(sessions: Iterable<SessionId>, held: readonly HeldAnswer[]): Iterable<Piece> {
    for (const sessionId of sessions) {
      for (const [messageId, text] of this.in(sessionId)) {
        const rest = restOf(messageId, text, held);
        if (rest) yield { type: 'turn.delta', sessionId, messageId, ...rest };
      }
    }
  }

  in(sessionId: SessionId): ReadonlyMap<MessageId, string> {
    return this.#bySession.get(sessionId) ?? NONE;
  }

  #forget(sessionId: SessionId, messageId: MessageId): void {
    const answers = this.#bySession.get(sessionId);
    const text = answers?.get(messageId);
    if (answers === undefined || text === undefined) return;
    answers.delete(messageId);
    if (answers.size === 0) this.#bySession.delete(sessionId);
    this.#sessionOf.delete(messageId);
    this.#units -= text.length + UNITS_PER_ANSWER;
  }
}

const NONE: ReadonlyMap<MessageId, string> = new Map();
