import type { ModelMessage } from 'ai';
import type { TurnContext } from './context.ts';
import type { Speaker } from './providers/provider.ts';

/** A picture of the question, as its bytes: no service is told an address of ours. */
export interface Picture {
  mimeType: string;
  bytes: Uint8Array;
}

const PICTURES_AT_MOST = 4;
const BYTES_AT_MOST = 8_000_000;
/** What services take. */
const SEEN = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** The question with its pictures, for a model that sees; for any other a word that there are some. */
export function contextWithPictures(
  context: TurnContext,
  pictures: readonly Picture[],
  { sees }: Speaker,
): TurnContext {
  const question = context.messages.at(-1);
  if (pictures.length === 0 || question?.role !== 'user' || typeof question.content !== 'string')
    return context;
  const text = question.content;
  const shown = sees ? takeable(pictures) : [];
  const unseen = pictures.length - shown.length;
  const note =
    unseen > 0
      ? `${text}\n\n[${unseen === 1 ? 'A picture' : `${unseen} pictures`} that you cannot see]`
      : text;
  const seen: ModelMessage = {
    role: 'user',
    content: [
      { type: 'text', text: note },
      ...shown.map(({ mimeType, bytes }) => ({ type: 'image' as const, image: bytes, mediaType: mimeType })),
    ],
  };
  const last = shown.length > 0 ? seen : { ...question, content: note };
  return { ...context, messages: [...context.messages.slice(0, -1), last] };
}

function takeable(pictures: readonly Picture[]): Picture[] {
  let left = BYTES_AT_MOST;
  return pictures.slice(0, PICTURES_AT_MOST).filter(({ mimeType, bytes }) => {
    if (!SEEN.includes(mimeType) || bytes.length > left) return false;
    left -= bytes.length;
    return true;
  });
}
