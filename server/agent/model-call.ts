import { streamText } from 'ai';
import type { TurnContext } from './context.ts';
import { BrokenOff, GivenUp, Refused } from './failure.ts';
import type { Speaker } from './providers/provider.ts';

/** How one request to a model ended. */
export type CallEnd =
  | { kind: 'finished'; promptTokens: number | null; completionTokens: number | null }
  | { kind: 'failed'; error: unknown };

/**
 * Makes one request and tells its text as it comes. Always resolves; the request is over then, also its connection.
 * @param signal ends the request at once, with its reason as the failure
 * @param idleMs silence after which the request is given up
 */
export async function callModel(
  speaker: Speaker,
  context: TurnContext,
  signal: AbortSignal,
  idleMs: number,
  tell: (piece: string) => void,
): Promise<CallEnd> {
  const request = new AbortController();
  let why: unknown = null;
  const quit = (reason: unknown) => {
    why ??= reason;
    request.abort();
  };
  const onAbort = () => quit(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  // A model that does not heed the signal must not hold the turn: whoever comes first, its next part or the abort.
  const gone = new Promise<never>((_, reject) => {
    request.signal.addEventListener('abort', () => reject(why), { once: true });
  });
  gone.catch(() => {});
  const silence = setTimeout(() => {
    quit(new GivenUp('The AI service fell silent and did not finish its answer. Try again.'));
  }, idleMs);
  try {
    signal.throwIfAborted();
    const { fullStream } = streamText({
      model: speaker.model,
      system: context.system,
      messages: context.messages,
      abortSignal: request.signal,
      maxRetries: 0, // we know better whether text was told already
      onError: () => {}, // the stream carries it as a part; nothing goes to the console
    });
    const parts = fullStream[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([parts.next(), gone]);
      if (next.done) throw new BrokenOff('the stream ended without a finish');
      silence.refresh();
      const part = next.value;
      if (part.type === 'text-delta') tell(part.text);
      // What follows an error has a hole before it: the text ends here.
      if (part.type === 'error') throw part.error;
      if (part.type !== 'finish') continue;
      if (part.finishReason === 'content-filter') {
        throw new Refused('The AI service cut its answer off because of its content rules.');
      }
      if (part.finishReason === 'error' || (part.finishReason === 'other' && !part.rawFinishReason)) {
        throw new BrokenOff('the stream ended without a terminator');
      }
      const { inputTokens = null, outputTokens = null } = part.totalUsage;
      return { kind: 'finished', promptTokens: inputTokens, completionTokens: outputTokens };
    }
  } catch (error) {
    return { kind: 'failed', error };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', onAbort);
    // Lets go of the connection also after an error in the middle of a body.
    request.abort();
  }
}
