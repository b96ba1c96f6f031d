import { streamText } from 'ai';
import type { TurnContext } from './context.ts';
import { failureSentence, Silence } from './failure-sentence.ts';
import type { TurnEnd } from './finish-turn.ts';
import type { Speaker } from './providers/provider.ts';

export interface AnswerLimits {
  /** No token for this long ends the turn as failed. */
  idleMs: number;
  /** Nothing takes longer than this. */
  totalMs: number;
}

export type WrittenAnswer = Omit<TurnEnd, 'contextUsed'>;

/**
 * Lets one model answer. Always resolves, with how it ended and all the text that was told; `stop` ends the model's
 * request at once and keeps the text.
 * @param tell gets each piece of text as it comes
 */
export async function writeAnswer(
  speaker: Speaker,
  context: TurnContext,
  stop: AbortSignal,
  limits: AnswerLimits,
  tell: (piece: string) => void,
): Promise<WrittenAnswer> {
  const started = performance.now();
  // One controller for the request; the reasons to abort it are told apart by who did it.
  const request = new AbortController();
  let silence: Silence | null = null;
  const giveUp = (sentence: string) => {
    silence = new Silence(sentence);
    request.abort(silence);
  };
  const onStop = () => request.abort();
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) request.abort();
  const total = setTimeout(
    () => giveUp('The answer took too long and was cut off here. Ask for the rest.'),
    limits.totalMs,
  );
  let idle = setTimeout(() => {}, 0);
  const watch = () => {
    clearTimeout(idle);
    idle = setTimeout(
      () => giveUp('The AI service fell silent in the middle of its answer. Try again.'),
      limits.idleMs,
    );
  };
  let content = '';
  let firstMs: number | null = null;
  let failure: unknown = null;
  let isFinished = false;
  let usage: { inputTokens?: number | undefined; outputTokens?: number | undefined } = {};
  watch();
  try {
    const result = streamText({
      model: speaker.model,
      system: context.system,
      messages: context.messages,
      abortSignal: request.signal,
      maxRetries: 2,
      // The stream carries the error as a part; nothing goes to the console.
      onError: () => {},
    });
    for await (const part of result.fullStream) {
      watch();
      if (part.type === 'text-delta') {
        firstMs ??= Math.round(performance.now() - started);
        content += part.text;
        tell(part.text);
      } else if (part.type === 'error') failure ??= part.error;
      else if (part.type === 'finish') {
        // A stream that ends without its terminator still "finishes", for an unknown reason.
        isFinished = part.finishReason !== 'error' && part.rawFinishReason !== undefined;
        usage = part.totalUsage;
      }
    }
  } catch (error) {
    failure ??= error;
  } finally {
    clearTimeout(total);
    clearTimeout(idle);
    stop.removeEventListener('abort', onStop);
  }
  const record = {
    content,
    model: speaker.modelId,
    provider: speaker.provider,
    promptTokens: usage.inputTokens ?? null,
    completionTokens: usage.outputTokens ?? null,
    timeToFirstTokenMs: firstMs,
    aiResponseTime: Math.round(performance.now() - started) / 1000,
  };
  if (stop.aborted) return { ...record, status: 'stopped', error: null };
  const why = silence ?? failure ?? (isFinished ? null : new Error('ended without a terminator'));
  if (why !== null) return { ...record, status: 'failed', error: failureSentence(why) };
  if (content === '')
    return { ...record, status: 'failed', error: 'The AI service had nothing to say. Ask in other words.' };
  return { ...record, status: 'done', error: null };
}
