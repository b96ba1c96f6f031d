import { forkOf, withdrawnFrom, withFork } from '../../protocol/forks.ts';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';
import { readForks } from './forks.ts';

/**
 * A version of a question that was taken back is none any more: another one is shown in its place. Where it was too late
 * to take it back it stays, and a device that thought otherwise is told so.
 */
export async function turnBack(
  change: Change,
  message: { id: string; sessionId: string },
  withdrawn: boolean,
): Promise<void> {
  const { tx } = change;
  // Written through the schemas that brand these.
  const [id, sessionId] = [message.id as MessageId, message.sessionId as SessionId];
  const forks = await readForks(tx, sessionId);
  const known = forkOf(forks, id);
  if (known?.kind !== 'question') return;
  const fork = withdrawn ? withdrawnFrom(known, id) : known;
  await tx.chatSession.update({ where: { id: sessionId }, data: { forks: withFork(forks, fork) } });
  await change.append(sessionId, { type: 'branch.shown', fork });
}
