import { ChatError, type Failure } from '../../protocol/errors.ts';
import { isCounted, isSend, type OutboxResult } from '../../protocol/outbox.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { isQuota } from '../local-db/transaction.ts';
import { settleDone, settleFailed, settleForgotten } from './acknowledge.ts';
import type { OutboxOptions } from './outbox.ts';
import { seldom } from './seldom.ts';
import type { Unnoted } from './unnoted.ts';

type Settling = Pick<
  OutboxOptions,
  'db' | 'me' | 'storedMessage' | 'failureOf' | 'onOwed' | 'bringFilesAgain'
>;

export interface Settled {
  /** How many of them are off the list, wait for their files, or are the person's to decide about. */
  count: number;
  /** Why others have to be sent again; null when none has. */
  retryable: Failure | null;
  /** One was changed into another write, which is to be sent as well. */
  hasMore: boolean;
}

/**
 * What the server's reply means for each entry of a batch. What there is no room for stays in `unnoted`, and counts: it
 * is not sent again.
 */
export async function settleBatch(
  batch: readonly OutboxEntry[],
  results: ReadonlyMap<string, OutboxResult>,
  unnoted: Unnoted,
  options: Settling,
): Promise<Settled> {
  const settled: Settled = { count: 0, retryable: null, hasMore: false };
  unnoted.answered(results.values());
  for (const entry of batch) {
    const result = results.get(entry.mutationId);
    if (!result || (!result.ok && result.error.retryable)) {
      settled.retryable = result?.error ?? noAnswer();
      continue;
    }
    try {
      const { unsure = null, hasMore = false } = await settle(entry, result, options);
      unnoted.forget(entry.mutationId);
      settled.retryable = unsure ?? settled.retryable;
      if (hasMore) settled.hasMore = true;
      if (unsure) continue;
    } catch (error) {
      if (!isQuota(error)) throw error;
    }
    settled.count += 1;
  }
  return settled;
}

/** What the server said for good of one entry. */
async function settle(
  entry: OutboxEntry,
  result: OutboxResult,
  options: Settling,
): Promise<{ unsure?: Failure | null; hasMore?: boolean }> {
  const { db, onOwed } = options;
  if (result.ok) {
    if (await settleDone(db, entry, result.result)) onOwed();
    return {};
  }
  const { error } = result;
  if (entry.op === 'message.send' && error.reason === 'NOT_FOUND' && (await options.bringFilesAgain?.(entry)))
    return {};
  // Nobody is to decide anything about a mark that came too late, nor about what is gone already.
  const isGone = entry.op === 'message.delete' && error.reason === 'NOT_FOUND';
  const isSpent = error.reason === 'ID_REUSED' && !isGone && isCounted(entry.op);
  if (isSpent) {
    const unsure = await settleSpent(entry, error, options);
    if (unsure) return { unsure };
  } else if (isGone || !isCounted(entry.op)) await settleForgotten(db, entry);
  else await settleFailed(db, entry, error);
  if (!isSend(entry.op)) onOwed();
  return { hasMore: isSpent };
}

/** What settles a spent id comes after the first screen. @returns why it could not be found out now */
async function settleSpent(entry: OutboxEntry, error: Failure, options: Settling): Promise<Failure | null> {
  const part = await seldom.fetch().catch(() => null);
  return (await part?.settleSpentId(entry, error, options)) ? null : noAnswer();
}

const noAnswer = (): Failure =>
  new ChatError('UNAVAILABLE', 'The server did not answer for this one.').toFailure();
