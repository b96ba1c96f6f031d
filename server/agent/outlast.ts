import { setTimeout as pause } from 'node:timers/promises';
import { ChatError } from '../../protocol/errors.ts';
import { isDatabaseAway } from '../store/database-away.ts';

/** Whoever asked sees that an answer is on its way, and would have to ask again once it has failed. */
const PATIENCE_MS = 60_000;

/**
 * Reads what an answer needs, again and again while the database is away. Throws what is wrong otherwise, and once it
 * has been away for a minute or the turn is to end.
 * @param halt ends the waiting
 */
export async function outlastOutage<T>(halt: AbortSignal, read: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 4_000)) {
    try {
      return await read();
    } catch (error) {
      const isPassing = error instanceof ChatError ? error.reason === 'UNAVAILABLE' : isDatabaseAway(error);
      if (!isPassing || halt.aborted || performance.now() > giveUpAt) throw error;
      await pause(waitMs, undefined, { signal: halt }).catch(() => {});
    }
  }
}
