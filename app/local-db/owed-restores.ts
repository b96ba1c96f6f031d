import { z } from 'zod';
import { MutationId } from '../../protocol/ids.ts';
import type { OutboxEntry } from './rows.ts';
import type { WriteTransaction } from './schema.ts';

/** A change that will not be made after all, and whose effect is still shown here. */
export const OwedRestore = z.object({ mutationId: MutationId, op: z.string(), input: z.unknown() });
export type OwedRestore = z.infer<typeof OwedRestore>;

/** Its key among what this device knows of itself. */
const OWED = 'owedRestores';

/** Noted in the transaction that takes the change away, so that it is made good also after the app was closed. */
export async function oweRestore(
  tx: WriteTransaction,
  { mutationId, op, input }: OutboxEntry,
): Promise<void> {
  await tx.objectStore('meta').put([...(await owedRestores(tx)), { mutationId, op, input }], OWED);
}

export async function owedRestores(tx: WriteTransaction): Promise<OwedRestore[]> {
  return z.array(OwedRestore).safeParse(await tx.objectStore('meta').get(OWED)).data ?? [];
}

export async function payRestore(tx: WriteTransaction, mutationId: MutationId): Promise<void> {
  const owed = await owedRestores(tx);
  const rest = owed.filter((one) => one.mutationId !== mutationId);
  if (rest.length < owed.length) await tx.objectStore('meta').put(rest, OWED);
}
