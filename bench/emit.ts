export interface Emission {
  /** Index of the first event. */
  first: number;
  count: number;
  /** Events handed over in one turn of the event loop. */
  together: number;
  everyMs: number;
  /** Nanoseconds of the monotonic clock at which the first event is meant to leave; the next turn otherwise. */
  startAt?: string;
}

/**
 * Emits events at the times they are meant for, and those that are late at once: the same open loop for every server.
 * @param send hands over the events first … first + count - 1 within this turn
 */
export async function emit(
  { first, count, together, everyMs, startAt }: Emission,
  send: (first: number, count: number) => void,
): Promise<void> {
  const start = startAt === undefined ? process.hrtime.bigint() : BigInt(startAt);
  for (let sent = 0; sent < count; sent += together) {
    const due = start + BigInt(Math.round((sent / together) * everyMs * 1e6));
    const early = Number(due - process.hrtime.bigint()) / 1e6;
    if (early > 0.2) await new Promise((resolve) => setTimeout(resolve, early));
    else await new Promise((resolve) => setImmediate(resolve));
    send(first + sent, Math.min(together, count - sent));
  }
}

const SESSION = '01936f5e-7c9b-7d3a-a1b2-0123456789ab';
const PERSON = '01936f5e-7c9b-7d3a-a1b2-00000000beef';
const digits = (index: number) => String(index).padStart(7, '0');

/** What every server sends: a message as the product has it, about 430 bytes, with `^` and its index in it. */
export function messageEvent(index: number, sessionId: string = SESSION, text = WORDS) {
  const id = `01936f5e-7c9b-7d3a-a1b2-00000${digits(index)}`;
  const content = `^${digits(index)} ${text}`;
  return {
    type: 'message.created',
    sessionId,
    seq: 1_000_000 + index,
    message: {
      id,
      sessionId,
      seq: 1_000_000 + index,
      userId: PERSON,
      role: 'user',
      messageType: 'text',
      content,
      parentId: null,
      createdAt: '2026-11-25T00:00:00.000Z',
      editedAt: null,
      deletedAt: null,
      reactions: {},
      feedback: null,
      attachments: [],
      turn: null,
    },
  };
}

const WORDS = 'Could you look at chapter two?';
