import { ChatError } from '../../protocol/errors.ts';
import type { MutationId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';
import { digestOf, type Log } from '../log/log.ts';
import { type Account, requireAccount } from './account.ts';

/**
 * Runs a verb at most once per (account, mutation id), for ever: the effect and its "already done" mark commit
 * together, and a repetition gets the first result (invariant 2).
 */
export function once<R extends object>(
  log: Log,
  account: Account,
  op: string,
  input: { mutationId: MutationId },
  verb: (change: Change) => Promise<R>,
): Promise<R & { duplicate: boolean }> {
  const { mutationId, ...content } = input;
  const inputHash = digestOf(op, content);
  return log.change(async (change) => {
    await requireAccount(change.tx, account.userId);
    const done = await change.tx.appliedMutation.findUnique({ where: { mutationId } });
    if (done) {
      if (done.userId !== account.userId || done.inputHash !== inputHash) throw idReused();
      // Stored by the line below on the first run of the same verb.
      return { ...(done.result as unknown as R), duplicate: true };
    }
    const result = await verb(change);
    await change.tx.appliedMutation.create({
      data: {
        mutationId,
        userId: account.userId,
        op,
        inputHash,
        result: JSON.parse(JSON.stringify(result)),
        createdAt: change.now,
      },
    });
    return { ...result, duplicate: false };
  });
}

export const idReused = () =>
  new ChatError('ID_REUSED', 'This id was already used for something else. Mint a new id for each write.');
