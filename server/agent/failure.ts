import { APICallError } from 'ai';

/** An end that we made ourselves: the model was silent for too long, or would not stop. Its message is for people. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** The service will not answer this question, whoever asks again. Its message is for people. */
export class Refused extends GivenUp {}

/** The model's stream ended without saying that it was finished. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** Longest wait that a service may ask for before we tell the person instead, or let another answer. */
const WAIT_AT_MOST_MS = 20_000;
const WAIT_BEFORE_NEXT_AT_MOST_MS = 3_000;
const ATTEMPTS_AT_MOST = 3;

/**
 * How long to wait before the same call is made again; null when it should not be.
 * @param attempt how many calls were made, this one included
 * @param baseMs the wait after the first failure when the service names none; doubles with each
 * @param hasNext somebody else could answer meanwhile
 */
export function retryDelay(error: unknown, attempt: number, baseMs: number, hasNext = false): number | null {
  if (attempt >= ATTEMPTS_AT_MOST || !APICallError.isInstance(error) || !error.isRetryable) return null;
  if (isUsedUp(error)) return null;
  const asked = retryAfterMs(error);
  if (asked === null) return baseMs * 2 ** (attempt - 1);
  return asked <= (hasNext ? WAIT_BEFORE_NEXT_AT_MOST_MS : WAIT_AT_MOST_MS) ? asked : null;
}

/** Why a model did not answer, as a sentence for the person who asked. Names no key, no address and no text of theirs. */
export function failureSentence(error: unknown): string {
  if (error instanceof GivenUp) return error.message;
  if (!APICallError.isInstance(error)) {
    return 'The AI service broke off in the middle of its answer. Try again.';
  }
  const { statusCode } = error;
  if (statusCode === undefined) return 'The AI service could not be reached. Try again in a minute.';
  if (statusCode === 401 || statusCode === 403) {
    return 'The AI service refused our key. Tell whoever runs this server.';
  }
  if (statusCode === 402 || isUsedUp(error)) {
    return 'The account with the AI service is used up. Tell whoever runs this server.';
  }
  if (statusCode === 404) {
    return 'The AI service does not know the model that is set. Tell whoever runs this server.';
  }
  if (statusCode === 429) {
    return `The AI service is answering too many people right now. Try again in ${inWords(retryAfterMs(error))}.`;
  }
  if (statusCode >= 500) return 'The AI service has a problem of its own right now. Try again in a minute.';
  // A good status whose body was not what the protocol promises.
  if (statusCode < 400) return 'The AI service answered in a way we cannot read. Try again.';
  return 'The AI service did not accept this question as it stands. Make it shorter, or ask in a new conversation.';
}

/** What an operator may know of a failure: never the conversation, a header or an address, which errors carry. */
export function failureFacts(error: unknown): { name: string; statusCode?: number; code?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return {
    name: error.name,
    ...(APICallError.isInstance(error) && error.statusCode !== undefined && { statusCode: error.statusCode }),
    ...(code !== undefined && { code }),
  };
}

/** A 429 that no waiting mends: OpenAI's word for an account without money. */
function isUsedUp(error: APICallError): boolean {
  return error.statusCode === 429 && (error.responseBody ?? '').includes('insufficient_quota');
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3); some services send milliseconds beside it. */
export function retryAfterMs({ responseHeaders }: APICallError): number | null {
  const inMs = Number.parseFloat(responseHeaders?.['retry-after-ms'] ?? '');
  if (inMs >= 0) return inMs;
  const text = responseHeaders?.['retry-after'] ?? '';
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function inWords(ms: number | null): string {
  if (ms === null || (ms > 45_000 && ms < 90_000)) return 'a minute';
  if (ms <= 45_000) return `${Math.max(5, Math.ceil(ms / 1000))} seconds`;
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} minutes`;
  return `${Math.round(ms / 3_600_000)} hours`;
}
