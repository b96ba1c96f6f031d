import { ChatError, type Failure } from '../../protocol/errors.ts';
import type { MessageId } from '../../protocol/ids.ts';
import { isSend, OutboxPushReply, type OutboxResult } from '../../protocol/outbox.ts';
import { SendResult } from '../../protocol/outputs.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { oweRestore } from '../local-db/owed-restores.ts';
import { MessageRow, OutboxEntry } from '../local-db/rows.ts';
import type { WriteTransaction } from '../local-db/schema.ts';
import { contentOf, idOf, isEditOf } from './entries.ts';
import { journalWithin } from './journal.ts';

/**
 * What a reply acknowledges, by mutation id. Only a reply of our own shape counts, and only for the entries that were
 * sent: a captive portal's page removes nothing (invariant 21).
 */
export function readReply(reply: unknown, sent: readonly OutboxEntry[]): Map<string, OutboxResult> {
  const parsed = OutboxPushReply.safeParse(reply);
  if (!parsed.success)
    throw new ChatError('UNAVAILABLE', 'Something between us and the server answered instead of it.');
  const ids = new Set<string>(sent.map((entry) => entry.mutationId));
  return new Map(
    parsed.data.results
      .filter((result) => ids.has(result.mutationId))
      .map((result) => [result.mutationId, result]),
  );
}

/**
 * Done: the entry goes, and its message is stored unless its event came first (invariant 12).
 * @returns whether something is owed that was told below what the entry showed
 */
export async function settleDone(db: LocalDb, entry: OutboxEntry, result: unknown): Promise<boolean> {
  return db.write('strict', async (tx, touched) => {
    const outbox = tx.objectStore('outbox');
    // As it is by now: a snapshot may have come while it was on its way.
    const { isOnTop = false } = OutboxEntry.safeParse(await outbox.get(entry.position)).data ?? {};
    await outbox.delete(entry.position);
    touched.add('outbox').add('sessions');
    if (isOnTop) await oweRestore(tx, entry);
    const sent = SendResult.safeParse(result);
    if (!isSend(entry.op) || !sent.success) return isOnTop;
    await journalWithin(tx, touched, sent.data.id, { storedAt: new Date().toISOString(), problem: null });
    const row = MessageRow.safeParse(await tx.objectStore('messages').get(sent.data.id));
    if (!row.success || row.data.local === null) return isOnTop;
    const { seq, createdAt } = sent.data;
    await tx.objectStore('messages').put({ ...row.data, seq, createdAt, sortKey: seq, local: null });
    touched.add(`messages:${row.data.sessionId}`).add(`message:${row.data.id}`);
    return isOnTop;
  });
}

/** Refused for good, and nobody has anything to decide: the entry goes, and what it had shown is put right. */
export async function settleForgotten(db: LocalDb, entry: OutboxEntry): Promise<void> {
  await db.write('strict', async (tx, touched) => {
    await tx.objectStore('outbox').delete(entry.position);
    await oweRestore(tx, entry);
    touched.add('outbox').add('sessions');
  });
}

/**
 * Refused for good: the entry stays with its text and its reason, for the person to decide (invariant 5). Words that
 * were changed while a message waited are that message's from now on, for there is nothing to edit.
 */
export async function settleFailed(db: LocalDb, entry: OutboxEntry, error: Failure): Promise<void> {
  await db.write('strict', async (tx, touched) => {
    // Taken back, or folded into another, meanwhile.
    if ((await tx.objectStore('outbox').getKey(entry.position)) === undefined) return;
    const id = isSend(entry.op) ? idOf(entry) : null;
    const content = id === null ? null : await takeEdits(db, tx, id);
    const input = content === null ? entry.input : { ...(entry.input as object), content }; // a send's input has an id
    await tx.objectStore('outbox').put({ ...entry, input, state: 'failed', error });
    touched.add('outbox').add('sessions');
    if (id === null) return;
    await journalWithin(tx, touched, id, { problem: error.message });
    const row = MessageRow.safeParse(await tx.objectStore('messages').get(id));
    if (!row.success || row.data.local === null) return;
    const local = { ...row.data.local, state: 'failed', error };
    await tx.objectStore('messages').put({ ...row.data, content: content ?? row.data.content, local });
    touched.add(`messages:${row.data.sessionId}`).add(`message:${id}`);
  });
}

/** The words of the last change that waits for a message; those changes are then gone. */
export async function takeEdits(db: LocalDb, tx: WriteTransaction, id: MessageId): Promise<string | null> {
  let content: string | null = null;
  for (const other of await db.listEntries(tx)) {
    if (!isEditOf(other, id)) continue;
    content = contentOf(other) ?? content;
    await tx.objectStore('outbox').delete(other.position);
  }
  return content;
}
