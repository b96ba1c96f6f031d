import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { isCounted, isSend } from '../../protocol/outbox.ts';
import { utf8Bytes } from '../../protocol/text.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { isQuota } from '../local-db/transaction.ts';
import { attachmentIdsOf, idOf, isKnown, messageOf } from './entries.ts';
import { journalAttempt } from './journal.ts';
import type { Unnoted } from './unnoted.ts';

/** So much goes in one push, for a slow network loses what takes long. Bytes; an entry that has more goes alone. */
const PUSH_BYTES = 64_000;

/**
 * The next entries, each marked as tried before it leaves: from then on nobody knows whether it arrived.
 * Where there is no room for that mark, this tab alone knows it.
 * @param without messages that must not go yet, for a file of theirs is not on the server
 */
export async function takeBatch(
  db: LocalDb,
  most: number,
  unnoted: Unnoted,
  without: ReadonlySet<MessageId> = new Set(),
): Promise<OutboxEntry[]> {
  const next = (entries: readonly OutboxEntry[]) => {
    const queued = entries.filter((entry) => entry.state === 'queued' && isKnown(entry.op));
    const unanswered = queued.filter((entry) => !unnoted.answers.has(entry.mutationId));
    const lastAttemptAt = new Date().toISOString();
    return fitting(inOrder(unanswered, without).slice(0, most)).map((entry) => ({
      ...entry,
      attempts: entry.attempts + 1,
      lastAttemptAt,
    }));
  };
  if (next(await db.listOutbox()).length === 0) return [];
  try {
    return await db.write('relaxed', async (tx, touched) => {
      const batch = next(await db.listEntries(tx));
      for (const entry of batch) {
        await tx.objectStore('outbox').put(entry);
        await journalAttempt(tx, touched, entry);
      }
      return batch;
    });
  } catch (error) {
    if (!isQuota(error)) throw error;
    const batch = next(await db.listOutbox());
    unnoted.leave(batch);
    return batch;
  }
}

/** As many of the first ones as one push may carry. */
function fitting(entries: readonly OutboxEntry[]): OutboxEntry[] {
  let bytes = 0;
  const end = entries.findIndex(({ input }, place) => {
    bytes += utf8Bytes(JSON.stringify(input) ?? '');
    return place > 0 && bytes > PUSH_BYTES;
  });
  return entries.slice(0, end < 0 ? entries.length : end);
}

/**
 * Without messages whose files are still on their way, and what stands behind them in their conversation (invariant 4).
 * Nor does it go in one push with a message that has files: the server may have cleared them away meanwhile.
 */
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
    const isHeld = held.has(sessionId);
    if (attachmentIdsOf(entry).length > 0) held.add(sessionId);
    if (held.has(sessionId) && messageId) unsent.add(messageId);
    return !isHeld;
  });
}
