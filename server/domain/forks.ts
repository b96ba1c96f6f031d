import { ChatError } from '../../protocol/errors.ts';
import { type Fork, Forks, type Placed, withFork } from '../../protocol/forks.ts';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Tx } from '../store/prisma-types.ts';
import type { Reader } from './deps.ts';

/** Which versions exist in a conversation, and which of them are shown. */
export async function readForks(reader: Reader, sessionId: SessionId): Promise<Forks> {
  const { forks } = await reader.chatSession.findUniqueOrThrow({
    where: { id: sessionId },
    select: { forks: true },
  });
  return Forks.parse(forks ?? {});
}

/** Keeps a fork as `applyEvent` does on every copy (invariant 10). */
export async function keepFork(tx: Tx, sessionId: SessionId, forks: Forks, fork: Fork): Promise<void> {
  if (fork.all.length > limits.versions) {
    throw new ChatError(
      'CONFLICT',
      `There are ${limits.versions} versions of this already. Go on from one of them.`,
    );
  }
  await tx.chatSession.update({ where: { id: sessionId }, data: { forks: withFork(forks, fork) } });
}

/** Where a stored message stands. */
export function placeOf(row: { id: string; seq: number; branch: string | null }): Placed {
  // Rows were written through the schemas that brand these.
  return { id: row.id as MessageId, place: row.seq, branch: row.branch as MessageId | null };
}
