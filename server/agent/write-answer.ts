import { setTimeout as pause } from 'node:timers/promises';
import type { TurnContext } from './context.ts';
import { failureFacts, failureSentence, GivenUp, retryDelay } from './failure.ts';
import type { TurnEnd } from './finish-turn.ts';
import { callModel } from './model-call.ts';
import type { Speaker } from './providers/provider.ts';
import { WellFormedText } from './well-formed-text.ts';

export interface AnswerLimits {
  /** No token for this long ends the turn as failed. */
  idleMs: number;
  /** Nothing takes longer than this, waiting between attempts included. */
  totalMs: number;
  /** Wait before the second attempt when the service names none. */
  retryMs: number;
  /** UTF-16 units. */
  lengthAtMost: number;
}

export const answerLimits: AnswerLimits = {
  idleMs: 30_000,
  totalMs: 300_000,
  retryMs: 500,
  lengthAtMost: 100_000,
};

export interface WrittenAnswer extends Omit<TurnEnd, 'contextUsed'> {
  /** For the log of the server, when it failed. */
  facts: object | null;
  /** Requests made to the model. */
  calls: number;
}

/**
 * Lets one model answer. Always resolves, with how it ended and all the text that was told. A failed call is made again
 * only while nothing was told (invariant 18).
 * @param halt ends the model's request at once and keeps the text; the answer is `stopped` then
 * @param tell gets each piece of text as it comes
 */
export async function writeAnswer(
  speaker: Speaker,
  context: TurnContext,
  halt: AbortSignal,
  limits: AnswerLimits,
  tell: (piece: string) => void,
): Promise<WrittenAnswer> {
  const started = performance.now();
  const clean = new WellFormedText();
  let content = '';
  let firstMs: number | null = null;
  const work = new AbortController();
  const onHalt = () => work.abort(halt.reason);
  halt.addEventListener('abort', onHalt, { once: true });
  if (halt.aborted) onHalt();
  const giveUp = (sentence: string) => work.abort(new GivenUp(sentence));
  const total = setTimeout(
    () => giveUp('The answer took too long and was cut off here. Ask for the rest.'),
    limits.totalMs,
  );
  const take = (piece: string) => {
    if (piece === '' || work.signal.aborted) return;
    firstMs ??= Math.round(performance.now() - started);
    content += piece;
    tell(piece);
    if (content.length > limits.lengthAtMost)
      giveUp('The answer grew too long and was cut off here. Ask for the rest.');
  };
  let calls = 0;
  const attempt = () => {
    calls += 1;
    return callModel(speaker, context, work.signal, limits.idleMs, (piece) => take(clean.push(piece)));
  };
  let end = await attempt();
  while (end.kind === 'failed' && content === '' && !work.signal.aborted) {
    const delay = retryDelay(end.error, calls, limits.retryMs);
    if (delay === null) break;
    await pause(delay, undefined, { signal: work.signal }).catch(() => {});
    if (!work.signal.aborted) end = await attempt();
  }
  take(clean.end());
  clearTimeout(total);
  halt.removeEventListener('abort', onHalt);
  const record = {
    content,
    model: speaker.modelId,
    provider: speaker.provider,
    promptTokens: end.kind === 'finished' ? end.promptTokens : null,
    completionTokens: end.kind === 'finished' ? end.completionTokens : null,
    timeToFirstTokenMs: firstMs,
    aiResponseTime: Math.round(performance.now() - started) / 1000,
    error: null,
    facts: null,
    calls,
  };
  if (halt.aborted) return { ...record, status: 'stopped' };
  const why = work.signal.aborted ? work.signal.reason : end.kind === 'failed' ? end.error : null;
  if (why !== null)
    return { ...record, status: 'failed', error: failureSentence(why), facts: failureFacts(why) };
  if (content.trim() !== '') return { ...record, status: 'done' };
  return { ...record, status: 'failed', error: 'The AI service had nothing to say. Ask in other words.' };
}
