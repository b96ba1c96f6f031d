import { ChatError } from '../../protocol/errors.ts';
import { type Fork, forkOf } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Tx } from '../store/prisma-types.ts';
import { requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { ChangedMessage } from './change-message.ts';
import type { DomainDeps } from './deps.ts';
import { keepFork, placeOf, readForks } from './forks.ts';
import { once } from './once.ts';
import type { MessageRow } from './shapes.ts';

/** Turns to another version of a question or an answer, for everyone in the conversation and on all their devices. */
export function showVersion(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.show'>,
): Promise<ChangedMessage> {
  const { messageId } = input;
  return once(deps.log, account, 'message.show', input, async (change) => {
    const { tx } = change;
    const { message, sessionId } = await requireMessage(tx, messageId, account.userId);
    const forks = await readForks(tx, sessionId);
    const fork = forkOf(forks, messageId) ?? (await answersBefore(tx, message));
    if (message.withdrawn) throw new ChatError('CONFLICT', 'This version was taken back.');
    if (!fork) throw new ChatError('CONFLICT', 'There is only this version.');
    if (fork.shown === messageId) return { messageId, sessionId, seq: null };
    const shown: Fork = { ...fork, shown: messageId };
    await keepFork(tx, sessionId, forks, shown);
    const { seq } = await change.append(sessionId, { type: 'branch.shown', fork: shown });
    return { messageId, sessionId, seq };
  });
}

/** Versions of an answer from before it was kept which of them is shown: the newest was. */
async function answersBefore(tx: Tx, { turn }: MessageRow): Promise<Fork | null> {
  if (!turn) return null;
  const versions = await tx.agentTurn.findMany({
    where: { questionId: turn.questionId },
    orderBy: { version: 'asc' },
    include: { message: { select: { id: true, seq: true, branch: true } } },
  });
  const [first] = versions;
  const all = versions.map((one) => one.messageId as MessageId); // minted by the log
  const newest = all.at(-1);
  if (!first || !newest || all.length < 2) return null;
  const { id: root, place: at, branch } = placeOf(first.message);
  return { root, kind: 'answer', at, in: branch, all, shown: newest };
}
