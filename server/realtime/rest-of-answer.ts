import { fingerprintOfText } from '../../protocol/fingerprint.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { MessageId } from '../../protocol/ids.ts';

/**
 * What a device that joins in the middle lacks of an answer: all so far, or what follows the beginning that it holds
 * (M6). A beginning that is not this answer's counts for nothing: the answer was begun anew since.
 * @param text all so far
 * @returns null when it lacks nothing; `offset` in UTF-16 units
 */
export function restOf(
  messageId: MessageId,
  text: string,
  held: readonly HeldAnswer[],
): { offset: number; text: string } | null {
  const own = held.find((answer) => answer.messageId === messageId);
  const isOurs = own !== undefined && fingerprintOfText(text.slice(0, own.length)) === own.fingerprint;
  const offset = isOurs ? own.length : 0;
  return isOurs && offset === text.length ? null : { offset, text: text.slice(offset) };
}
