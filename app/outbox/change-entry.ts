import type { MessageId, MutationId } from '../../protocol/ids.ts';
import { isSend } from '../../protocol/outbox.ts';
import type { Topic } from '../local-db/changes.ts';
import { takeBack } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';
import { oweRestore } from '../local-db/owed-restores.ts';
import { fieldsOf, MessageRow, type OutboxEntry } from '../local-db/rows.ts';
import type { WriteTransaction } from '../local-db/schema.ts';
import { idOf, isMaking } from './entries.ts';

/**
 * Takes an entry out, with what it had made here.
 * @param instead what is to be stored in the same transaction
 * @returns null when it is not there any more
 */
export function takeOut(
  db: LocalDb,
  mutationId: MutationId,
  instead: (tx: WriteTransaction, touched: Set<Topic>, entry: OutboxEntry) => Promise<void>,
): Promise<OutboxEntry | null> {
  return db.write('strict', async (tx, touched) => {
    const entry = (await db.listEntries(tx)).find((one) => one.mutationId === mutationId);
    if (!entry) return null;
    await tx.objectStore('outbox').delete(entry.position);
    const id = idOf(entry);
    if (isSend(entry.op) && id) {
      // While it is still there: it tells of what it was a version.
      await takeBack(db.effects(tx, touched), id);
      await tx.objectStore('messages').delete(id);
      touched.add(`message:${id}`);
    }
    if (entry.op === 'session.create' && entry.sessionId)
      await tx.objectStore('sessions').delete(entry.sessionId);
    // Nothing is left behind by what was only made here.
    if (!isSend(entry.op) && !isMaking(entry.op)) await oweRestore(tx, entry);
    if (entry.op === 'project.create' && id) await tx.objectStore('projects').delete(id);
    if (entry.op === 'memory.add' && id) await tx.objectStore('memories').delete(id);
    touched.add('outbox').add('sessions').add('projects').add('memories');
    if (entry.sessionId) touched.add(`messages:${entry.sessionId}`);
    await instead(tx, touched, entry);
    return entry;
  });
}

/** Queues an entry once more, with other words where they are given, and shows its message so. */
export function putBack(db: LocalDb, mutationId: MutationId, content?: string): Promise<void> {
  return db.write('strict', async (tx, touched) => {
    const entry = (await db.listEntries(tx)).find((one) => one.mutationId === mutationId);
    if (!entry) return;
    const input = content === undefined ? entry.input : { ...fieldsOf(entry.input), content };
    await tx.objectStore('outbox').put({ ...entry, state: 'queued', error: null, input });
    touched.add('outbox').add('sessions');
    const id: MessageId | null = isSend(entry.op) ? idOf(entry) : null;
    const row = id && MessageRow.safeParse(await tx.objectStore('messages').get(id));
    if (!row?.success) return;
    const local = { mutationId, state: 'queued' as const, error: null };
    await tx.objectStore('messages').put({ ...row.data, content: content ?? row.data.content, local });
    touched.add(`messages:${row.data.sessionId}`).add(`message:${row.data.id}`);
  });
}
