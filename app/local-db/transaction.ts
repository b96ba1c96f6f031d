import type { ChatIdb, StoreName, WriteTransaction } from './schema.ts';

const EVERYTHING: StoreName[] = [
  'sessions',
  'messages',
  'outbox',
  'drafts',
  'threadDrafts',
  'threads',
  'journal',
  'meta',
  'projects',
  'memories',
];

/** Over everything; resolves once it is committed, and leaves nothing of work that fails. */
export async function inTransaction<T>(
  idb: ChatIdb,
  durability: IDBTransactionDurability,
  work: (tx: WriteTransaction) => Promise<T>,
): Promise<T> {
  const tx = idb.transaction(EVERYTHING, 'readwrite', { durability });
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    tx.done.catch(() => {});
    try {
      tx.abort();
    } catch {
      // It has ended already.
    }
    // A request that was cut short says only that it was.
    throw isQuota(tx.error) ? tx.error : error;
  }
}

/** There is no room left on this device. */
export function isQuota(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
