import { APICallError, RetryError } from 'ai';

/** Why a model did not answer, as a sentence for the person who asked. Names no key and no address. */
export function failureSentence(error: unknown): string {
  const cause = RetryError.isInstance(error) ? error.lastError : error;
  if (cause instanceof Silence) return cause.message;
  if (APICallError.isInstance(cause)) {
    const { statusCode } = cause;
    if (statusCode === 401 || statusCode === 403)
      return 'The AI service refused our key. Tell whoever runs this server.';
    if (statusCode === 404)
      return 'The AI service does not know the model that is set. Tell whoever runs this server.';
    if (statusCode === 429)
      return 'The AI service is answering too many people right now. Try again in a minute.';
    if (statusCode !== undefined && statusCode >= 500)
      return 'The AI service has a problem of its own right now. Try again in a minute.';
    if (statusCode === undefined) return 'The AI service could not be reached. Try again in a minute.';
  }
  return 'The AI service broke off in the middle of its answer. Try again.';
}

/** A model that said nothing for too long, or would not end. */
export class Silence extends Error {}
