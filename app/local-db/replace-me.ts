import { Me } from '../../protocol/shapes.ts';
import { applyToMe, isMeOp, type MeStore } from './me-effects.ts';
import type { RowParser } from './row-parser.ts';
import { fieldsOf, OutboxEntry } from './rows.ts';
import type { WriteTransaction } from './schema.ts';

/** Oneself as the server has it, and on top of that what waits here to be changed of it. */
export async function replaceMe(tx: WriteTransaction, parser: RowParser, me: Me): Promise<void> {
  const meta = tx.objectStore('meta');
  const before = Me.safeParse(await meta.get('me'));
  let shown = me;
  const store: MeStore = {
    me: async () => shown,
    putMe: async (next) => {
      shown = next;
    },
  };
  const outbox = tx.objectStore('outbox');
  for (const entry of parser.all('outbox', OutboxEntry, await outbox.getAll())) {
    const { op, input, state } = entry;
    if (state !== 'queued' || !isMeOp(op)) continue;
    await outbox.put({ ...entry, isOnTop: true });
    // An entry itself does not tell the name of somebody who is blocked.
    const person = before.data?.blocked.find(({ userId }) => userId === fieldsOf(input).userId);
    await applyToMe(store, me, op, input, person?.name);
  }
  await meta.put(shown, 'me');
}
