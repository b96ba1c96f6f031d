import { inputs } from '../../protocol/procedures.ts';
import type { Me } from '../../protocol/shapes.ts';
import { applyOptimistically } from '../local-db/effects.ts';
import type { LocalDb } from '../local-db/local-db.ts';

/** Shows again the messages that wait here, where their rows on this device were lost. */
export function showWaiting(db: LocalDb, me: Me): Promise<void> {
  return db.write('relaxed', async (tx, touched) => {
    for (const { op, input, mutationId, position, createdAt, state, error } of await db.listEntries(tx)) {
      const send = op === 'message.send' ? inputs[op].safeParse(input) : null;
      if (!send?.success || (await tx.objectStore('messages').getKey(send.data.id)) !== undefined) continue;
      const effects = db.effects(tx, touched);
      const queued = { op: 'message.send', input, mutationId, position, at: createdAt } as const;
      await applyOptimistically(effects, me, queued);
      const row = await effects.message(send.data.id);
      if (row) await effects.putMessage({ ...row, local: { mutationId, state, error } });
    }
  });
}
