import { isSend } from '../../protocol/outbox.ts';
import type { Topic } from '../local-db/changes.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { JournalEntry, type OutboxEntry } from '../local-db/rows.ts';
import type { WriteTransaction } from '../local-db/schema.ts';
import { idOf } from './entries.ts';

/** Adds to how a message of one's own left this device; of one that another device wrote there is nothing here. */
export async function journalWithin(
  tx: WriteTransaction,
  touched: Set<Topic>,
  messageId: string,
  change: Partial<JournalEntry>,
): Promise<void> {
  const store = tx.objectStore('journal');
  const held = JournalEntry.safeParse(await store.get(messageId));
  if (!held.success) return;
  await store.put({ ...held.data, ...change });
  touched.add('journal');
}

/** It leaves now, for the first time or once more. */
export async function journalAttempt(
  tx: WriteTransaction,
  touched: Set<Topic>,
  entry: OutboxEntry,
): Promise<void> {
  const { attempts, lastAttemptAt } = entry;
  const id = sentBy(entry);
  if (id === null) return;
  await journalWithin(tx, touched, id, {
    attempts,
    lastAttemptAt,
    ...(attempts === 1 ? { leftAt: lastAttemptAt } : {}),
  });
}

/** None of these arrived, as far as is known. */
export async function journalProblem(
  db: LocalDb,
  entries: readonly OutboxEntry[],
  problem: string | null,
): Promise<void> {
  const ids = entries.flatMap((entry) => sentBy(entry) ?? []);
  if (ids.length === 0) return;
  await db.write('relaxed', async (tx, touched) => {
    for (const id of ids) await journalWithin(tx, touched, id, { problem: problem ?? 'no_answer' });
  });
}

const sentBy = (entry: OutboxEntry) => (isSend(entry.op) ? idOf(entry) : null);
