import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { isCounted, isSend } from '../../protocol/outbox.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { idOf, isKnown, messageOf } from './entries.ts';
import { journalAttempt } from './journal.ts';

/**
 * The next entries, each marked as tried before it leaves: from then on nobody knows whether it arrived.
 * @param without messages that must not go yet, for a file of theirs is not on the server
 */
export async function takeBatch(
  db: LocalDb,
  most: number,
  without: ReadonlySet<MessageId> = new Set(),
): Promise<OutboxEntry[]> {
  const ready = (entries: readonly OutboxEntry[]) =>
    inOrder(
      entries.filter((entry) => entry.state === 'queued' && isKnown(entry.op)),
      without,
    );
  if (ready(await db.listOutbox()).length === 0) return [];
  return db.write('relaxed', async (tx) => {
    const waiting = ready(await db.listEntries(tx)).slice(0, most);
    const lastAttemptAt = new Date().toISOString();
    const batch = waiting.map((entry) => ({ ...entry, attempts: entry.attempts + 1, lastAttemptAt }));
    for (const entry of batch) {
      await tx.objectStore('outbox').put(entry);
      await journalAttempt(tx, entry);
    }
    return batch;
  });
}

/** Without messages whose files are still on their way, and what stands behind them in their conversation (invariant 4). */
function inOrder(entries: readonly OutboxEntry[], without: ReadonlySet<MessageId>): OutboxEntry[] {
  const held = new Set<SessionId>();
  const unsent = new Set<unknown>(without);
  return entries.filter((entry) => {
    const { op, sessionId, input } = entry;
    if (!isCounted(op) || sessionId === null) return true;
    const messageId = isSend(op) ? idOf(entry) : null;
    // What is not sent yet cannot be forwarded yet.
    const waits = unsent.has(messageId) || (op === 'message.forward' && unsent.has(messageOf(input)));
    if (waits) held.add(sessionId);
    if (held.has(sessionId) && messageId) unsent.add(messageId);
    return !held.has(sessionId);
  });
}
