import { z } from 'zod';
import { MessageId } from '../../protocol/ids.ts';
import type { LocalDb } from './local-db.ts';
import type { DraftPlace } from './rows.ts';

/** Other words for a message that are being written and were not saved: on this device alone. */
const KeptEdit = z.object({ messageId: MessageId, content: z.string() });
export type KeptEdit = z.infer<typeof KeptEdit>;

type Db = Pick<LocalDb, 'write'>;

/** One in each place where something can be written. */
const keyOf = ({ sessionId, threadRoot }: DraftPlace) => `edit:${threadRoot ?? sessionId}`;

export async function keptEdit(db: Db, place: DraftPlace): Promise<KeptEdit | null> {
  const row = await db.write('relaxed', (tx) => tx.objectStore('meta').get(keyOf(place)));
  return KeptEdit.safeParse(row).data ?? null;
}

/** @param edit null once it is saved or given up */
export function keepEdit(db: Db, place: DraftPlace, edit: KeptEdit | null): Promise<void> {
  return db.write('relaxed', async (tx) => {
    const meta = tx.objectStore('meta');
    if (edit) await meta.put(edit, keyOf(place));
    else await meta.delete(keyOf(place));
  });
}
