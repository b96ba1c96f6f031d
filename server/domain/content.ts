import { ChatError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Refuses text that is too long or that no database can hold. */
export function requireStorable(content: string): void {
  if (content.length > limits.messageLength) {
    throw new ChatError(
      'TOO_LARGE',
      `A message may have up to ${limits.messageLength.toLocaleString('en')} characters; this one has ${content.length.toLocaleString('en')}. Shorten it or send it in parts.`,
    );
  }
  if (content.includes('\0')) {
    throw new ChatError('INVALID_INPUT', 'A message cannot hold the NUL character.', {
      issues: [{ path: ['content'], message: 'must not contain U+0000' }],
    });
  }
}
