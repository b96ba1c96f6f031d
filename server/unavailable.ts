import { ChatError } from '../protocol/errors.ts';
import { isDatabaseAway } from './store/database-away.ts';

/** An expected failure stays what it is; a database that is away is UNAVAILABLE, so that outboxes try again. */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof ChatError || !isDatabaseAway(error)) return error;
  const sentence = 'The database is not answering right now. Your change is kept and will be tried again.';
  return Object.assign(new ChatError('UNAVAILABLE', sentence, { retryAfterMs: 1000 }), { cause: error });
}
