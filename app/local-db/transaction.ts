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
    throw error;
  }
}
