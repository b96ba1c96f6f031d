import { ChatError, type Failure } from '../../protocol/errors.ts';
import { OutboxPushReply, type OutboxResult } from '../../protocol/outbox.ts';
import { SendResult } from '../../protocol/procedures.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { MessageRow, type OutboxEntry } from '../local-db/rows.ts';

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

/** Done: the entry goes, and its message is stored unless its event came first (invariant 12). */
export async function settleDone(db: LocalDb, entry: OutboxEntry, result: unknown): Promise<void> {
  await db.write('strict', async (tx, touched) => {
    await tx.objectStore('outbox').delete(entry.position);
    touched.add('outbox').add('sessions');
    if (entry.op !== 'message.send') return;
    const sent = SendResult.safeParse(result);
    if (!sent.success) return;
    const row = MessageRow.safeParse(await tx.objectStore('messages').get(sent.data.id));
    if (!row.success || row.data.local === null) return;
    const { seq, createdAt } = sent.data;
    await tx.objectStore('messages').put({ ...row.data, seq, createdAt, sortKey: seq, local: null });
    touched.add(`messages:${row.data.sessionId}`);
  });
}

/** Refused for good: the entry stays with its text and its reason, for the person to decide (invariant 5). */
export async function settleFailed(db: LocalDb, entry: OutboxEntry, error: Failure): Promise<void> {
  await db.write('strict', async (tx, touched) => {
    await tx.objectStore('outbox').put({ ...entry, state: 'failed', error });
    touched.add('outbox').add('sessions');
    const id = (entry.input as { id?: unknown } | null)?.id; // any JSON; an odd one finds no row
    if (entry.op !== 'message.send' || typeof id !== 'string') return;
    const row = MessageRow.safeParse(await tx.objectStore('messages').get(id));
    if (!row.success || row.data.local === null) return;
    await tx
      .objectStore('messages')
      .put({ ...row.data, local: { ...row.data.local, state: 'failed', error } });
    touched.add(`messages:${row.data.sessionId}`);
  });
}
