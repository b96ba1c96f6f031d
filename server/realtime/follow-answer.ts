import type { MessageId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import type { EventSubscription } from './subscription.ts';

/**
 * An answer's text piece by piece, from its beginning, until its turn has ended. Reads the same events as any device.
 * @param subscription of an account that may see the answer, to its conversation alone, starting at the present
 * @param readStored the message as it is stored now, for an answer that ended before we listened
 * @param whyCut the error to throw when the reader was told no further: the stream was closed, or they left
 * @param signal ends the reading (the iterable ends early); the answer goes on
 */
export async function* followAnswer(
  subscription: EventSubscription,
  messageId: MessageId,
  readStored: () => Promise<ChatMessage>,
  whyCut: () => Promise<unknown>,
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const events = subscription[Symbol.asyncIterator]();
  const leave = () => void events.return?.();
  signal.addEventListener('abort', leave, { once: true });
  let told = 0;
  const rest = (whole: string) => {
    const piece = whole.slice(told);
    told = Math.max(told, whole.length);
    return piece;
  };
  try {
    if (signal.aborted) return;
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value[1];
      if (event.type === 'turn.delta' && event.messageId === messageId) {
        const end = event.offset + event.text.length;
        if (end > told) {
          yield event.text.slice(Math.max(0, told - event.offset));
          told = end;
        }
      } else if (event.type === 'message.completed' && event.messageId === messageId) {
        yield rest(event.content);
        return;
      } else if (event.type === 'caught-up') {
        const stored = await readStored();
        if (stored.turn?.status !== 'streaming') {
          yield rest(stored.content);
          return;
        }
      } else if (event.type === 'member.left' && event.userId === subscription.userId) {
        // Nothing of the answer is told here any more (invariant 24), its end neither.
        break;
      }
    }
    if (!signal.aborted) throw await whyCut();
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}
