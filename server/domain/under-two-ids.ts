import type { MutationId } from '../../protocol/ids.ts';
import { digestOf } from '../log/log.ts';
import { type Account, requireAccount } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { idReused } from './once.ts';

/**
 * Runs a write that is named twice: by its own mutation id, under which `write` runs once for ever, and by that of the
 * outbox entry that it came in, which is spent on it as well. Should this process die between the two, the write's own id
 * still holds.
 * @param content the write's input without its mutation id
 */
export async function underTwoIds(
  { database, log }: DomainDeps,
  account: Account,
  entryId: MutationId,
  op: string,
  content: object,
  write: () => Promise<unknown>,
): Promise<unknown> {
  const inputHash = digestOf(op, content);
  const done = await database.prisma.appliedMutation.findUnique({ where: { mutationId: entryId } });
  if (done && (done.userId !== account.userId || done.inputHash !== inputHash)) throw idReused();
  if (done) return { ...Object(done.result), duplicate: true };
  const { duplicate, ...result } = Object(await write());
  await log.change(async ({ tx, now }) => {
    await requireAccount(tx, account.userId);
    const row = { mutationId: entryId, userId: account.userId, op, inputHash, createdAt: now };
    await tx.appliedMutation.createMany({
      data: { ...row, result: JSON.parse(JSON.stringify(result)) },
      skipDuplicates: true,
    });
  });
  return { ...result, duplicate };
}
