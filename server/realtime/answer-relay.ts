import { v7 } from 'uuid';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { BusMessage } from './bus/bus-message.ts';
import type { Hub } from './hub.ts';

type Piece = Extract<BusMessage, { kind: 'answer' }>;

interface Run {
  run: string;
  sessionId: SessionId;
  isOurs: boolean;
}

/** More than a node ever writes at once; the oldest ones have ended long ago. */
const RUNS_AT_MOST = 2_000;
const ASK_EVERY_MS = 1_000;

/**
 * Brings the text of an answer to the nodes that do not write it, piece by piece. A piece that does not fit was preceded
 * by one that got lost: then the writer is asked for the whole.
 */
export class AnswerRelay {
  #runs = new Map<MessageId, Run>();
  #askedAt = 0;

  constructor(
    private readonly hub: Pick<Hub, 'answers' | 'beginAnswer' | 'extendAnswer'>,
    private readonly publish: (message: BusMessage) => void,
  ) {}

  begin(sessionId: SessionId, messageId: MessageId, claimedAt: number): void {
    // Not by our clock, for that of the next node may be behind it.
    const run = v7({ msecs: claimedAt });
    this.#remember(messageId, { run, sessionId, isOurs: true });
    this.hub.beginAnswer(sessionId, messageId);
    this.publish({ kind: 'answer', run, sessionId, messageId, offset: 0, text: '' });
  }

  extend(sessionId: SessionId, messageId: MessageId, text: string): void {
    const known = this.#runs.get(messageId);
    // Another node took it over while this one was stalled: what it writes is nobody's business any more.
    if (!known?.isOurs) return;
    const offset = this.#textOf(sessionId, messageId).length;
    this.hub.extendAnswer(sessionId, messageId, text);
    this.publish({ kind: 'answer', run: known.run, sessionId, messageId, offset, text });
  }

  receive({ run, sessionId, messageId, offset, text }: Piece): void {
    const known = this.#runs.get(messageId);
    if (known && run < known.run) return;
    if (known?.run !== run) {
      this.#remember(messageId, { run, sessionId, isOurs: false });
      if (known) this.hub.beginAnswer(sessionId, messageId);
    }
    const told = this.#textOf(sessionId, messageId).length;
    if (offset > told) this.#ask();
    else if (offset + text.length > told)
      this.hub.extendAnswer(sessionId, messageId, text.slice(told - offset));
  }

  /** Says again, whole, what this node is writing. */
  repeat(): void {
    for (const [messageId, { run, sessionId, isOurs }] of this.#runs) {
      const text = isOurs ? this.#textOf(sessionId, messageId) : '';
      if (text !== '') this.publish({ kind: 'answer', run, sessionId, messageId, offset: 0, text });
    }
  }

  #textOf(sessionId: SessionId, messageId: MessageId): string {
    return this.hub.answers.in(sessionId).get(messageId) ?? '';
  }

  #remember(messageId: MessageId, run: Run): void {
    this.#runs.delete(messageId);
    this.#runs.set(messageId, run);
    if (this.#runs.size <= RUNS_AT_MOST) return;
    for (const oldest of this.#runs.keys()) {
      this.#runs.delete(oldest);
      break;
    }
  }

  #ask(): void {
    const now = performance.now();
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.publish({ kind: 'hello' });
  }
}
