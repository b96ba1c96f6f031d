import { setTimeout as pause } from 'node:timers/promises';
import { APICallError } from 'ai';
import type { Fallback } from '../../protocol/shapes.ts';
import type { TurnContext } from './context.ts';
import { failureFacts, failureSentence, GivenUp, Refused, retryAfterMs, retryDelay } from './failure.ts';
import type { TurnEnd } from './finish-turn.ts';
import { contextToGoOn, RestAfter } from './go-on.ts';
import { type CallEnd, callModel } from './model-call.ts';
import type { Provider, Speaker } from './providers/provider.ts';
import { contextWithPictures } from './seeing.ts';
import { WellFormedText } from './well-formed-text.ts';

export interface AnswerLimits {
  /** No token for this long ends the turn as failed, or lets the next model answer. */
  idleMs: number;
  /** Nothing takes longer than this, waiting between attempts and other models included. */
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

export interface WrittenAnswer extends Omit<TurnEnd, 'contextUsed' | 'spent'> {
  /** Without the text that it goes on from. */
  content: string;
  /** For the log of the server, when it failed. */
  facts: object | null;
  /** Requests made to models. */
  calls: number;
}

/**
 * Lets the first model that can answer do so. Always resolves, with how it ended and all the text that was told. A call
 * is made again, or another model asked, only while nothing was told (invariant 18).
 * @param chain in the order in which they are asked
 * @param kept the text of an earlier answer to go on from; nothing to begin anew
 * @param halt ends the model's request at once and keeps the text; the answer is `stopped` then
 * @param tell gets each piece of text as it comes
 */
export async function writeAnswer(
  chain: Provider['chain'],
  context: TurnContext,
  kept: string,
  halt: AbortSignal,
  limits: AnswerLimits,
  tell: (piece: string) => void,
): Promise<WrittenAnswer> {
  const started = performance.now();
  let content = '';
  let firstMs: number | null = null;
  let calls = 0;
  const work = new AbortController();
  const onHalt = () => work.abort(halt.reason);
  halt.addEventListener('abort', onHalt, { once: true });
  if (halt.aborted) onHalt();
  const giveUp = (sentence: string) => work.abort(new GivenUp(sentence));
  const total = setTimeout(
    () => giveUp('The answer took too long and was cut off here. Go on from here, or try again.'),
    limits.totalMs,
  );
  const take = (piece: string) => {
    if (piece === '' || work.signal.aborted) return;
    firstMs ??= Math.round(performance.now() - started);
    content += piece;
    tell(piece);
    if (content.length > limits.lengthAtMost)
      giveUp('The answer grew too long and was cut off here. Go on from here.');
  };

  /** Asks one model, again where that may help, while nothing was told. */
  async function askOne(speaker: Speaker, hasNext: boolean): Promise<CallEnd> {
    for (let attempt = 1; ; attempt += 1) {
      const clean = new WellFormedText();
      const rest = new RestAfter(speaker.isBuiltIn ? kept : '');
      const heard = (piece: string) => take(rest.push(clean.push(piece)));
      calls += 1;
      const seen = contextWithPictures(context, context.pictures ?? [], speaker);
      const asked = contextToGoOn(seen, kept, speaker);
      const end = await callModel(speaker, asked, work.signal, limits.idleMs, heard);
      take(rest.push(clean.end()));
      if (end.kind === 'finished' || content !== '' || work.signal.aborted) return end;
      const delay = retryDelay(end.error, attempt, limits.retryMs, hasNext);
      if (delay === null) return end;
      await pause(delay, undefined, { signal: work.signal }).catch(() => {});
      if (work.signal.aborted) return end;
    }
  }

  let [speaker] = chain;
  let fallback: Fallback | null = null;
  let end: CallEnd = { kind: 'failed', error: null };
  const passOver = ({ label: from }: Speaker, because: string) => {
    fallback ??= { from, because };
  };
  for (const [index, candidate] of chain.entries()) {
    const hasNext = index < chain.length - 1;
    if (hasNext && !candidate.breaker.allows()) {
      passOver(candidate, 'The AI service has not been answering for a while.');
      continue;
    }
    speaker = candidate;
    end = await askOne(candidate, hasNext);
    judge(candidate, end, halt.aborted);
    if (content !== '' || work.signal.aborted || !hasNext) break;
    if (end.kind === 'failed' && end.error instanceof Refused) break;
    const why = end.kind === 'failed' ? failureSentence(end.error) : NOTHING_TO_SAY;
    passOver(candidate, firstSentence(why));
  }
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
    fallback,
    facts: null,
    calls,
  };
  if (halt.aborted) return { ...record, status: 'stopped' };
  const why = work.signal.aborted ? work.signal.reason : end.kind === 'failed' ? end.error : null;
  if (why !== null)
    return { ...record, status: 'failed', error: failureSentence(why), facts: failureFacts(why) };
  // One that goes on may find that everything was said.
  if (content.trim() !== '' || kept !== '') return { ...record, status: 'done' };
  return { ...record, status: 'failed', error: NOTHING_TO_SAY };
}

const NOTHING_TO_SAY = 'The AI service had nothing to say. Ask in other words.';
const firstSentence = (text: string) => text.replace(/(?<=\.) .*$/, '');

/** What one call says of the health of its service. */
function judge({ breaker }: Speaker, end: CallEnd, isHalted: boolean): void {
  if (end.kind === 'finished') {
    breaker.succeeded();
    return;
  }
  const { error } = end;
  const isAboutQuestion =
    error instanceof Refused ||
    (APICallError.isInstance(error) && [400, 413, 422].includes(error.statusCode ?? 0));
  if (isHalted || isAboutQuestion) breaker.abandoned();
  else breaker.failed(APICallError.isInstance(error) ? retryAfterMs(error) : null);
}
