import type { ModelMessage } from 'ai';
import OpenAI from 'openai';

export interface Moderator {
  /** Whether a question breaks the service's rules. Never rejects: a moderation that is away refuses nobody. */
  refuses(question: ModelMessage | undefined, signal: AbortSignal): Promise<boolean>;
}

const MODEL = 'omni-moderation-latest';
const WITHIN_MS = 3_000;
const LENGTH_AT_MOST = 16_000;
/** What nobody needs help with. Self-harm is not among them: whoever writes of it needs an answer. */
const REFUSED = ['sexual/minors', 'illicit/violent', 'hate/threatening', 'harassment/threatening'] as const;

/**
 * OpenAI's moderation of questions. Only what is clearly beyond a consultant is refused; the rest is left to the model's
 * own judgement.
 */
export function createModerator(
  settings: { apiKey: string; baseUrl: string },
  onError: (error: unknown) => void,
): Moderator {
  const client = new OpenAI({
    apiKey: settings.apiKey,
    baseURL: settings.baseUrl,
    maxRetries: 0,
    timeout: WITHIN_MS,
  });
  return {
    async refuses(question, signal) {
      const input = textOf(question).slice(0, LENGTH_AT_MOST);
      if (input.trim() === '' || signal.aborted) return false;
      try {
        const { results } = await client.moderations.create({ model: MODEL, input }, { signal });
        return results.some(({ categories }) => REFUSED.some((category) => categories[category]));
      } catch (error) {
        if (!signal.aborted) onError(error);
        return false;
      }
    },
  };
}

function textOf(message: ModelMessage | undefined): string {
  if (!message) return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
