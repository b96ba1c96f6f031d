import { ChatError } from '../../protocol/errors.ts';
import { forkWith } from '../../protocol/forks.ts';
import { AGENT_ID, type MessageId, newMessageId, type SessionId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { requireLiving, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import { appendMessage } from './append-message.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { keepFork, placeOf, readForks } from './forks.ts';
import { once } from './once.ts';

export interface NewVersion {
  messageId: MessageId;
  duplicate: boolean;
}

const BROKEN_OFF = ['stopped', 'failed', 'interrupted'];

/** Asks the same question again: a new version of the answer, beside the old ones. */
export function regenerateAnswer(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'agent.regenerate'>,
): Promise<NewVersion> {
  return newVersion(deps, account, 'agent.regenerate', input, false);
}

/** Goes on where an answer broke off: a new version that begins with the old one's text, which nobody pays for again. */
export function continueAnswer(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'agent.continue'>,
): Promise<NewVersion> {
  return newVersion(deps, account, 'agent.continue', input, true);
}

/**
 * Two tabs, or two taps, that ask for a new version at once get the same one: while one is being written, and when there
 * is a newer one than the person saw (invariant 18).
 */
function newVersion(
  deps: DomainDeps,
  account: Account,
  op: 'agent.regenerate' | 'agent.continue',
  input: Parsed<'agent.regenerate'>,
  goesOn: boolean,
): Promise<NewVersion> {
  return once(deps.log, account, op, input, async (change) => {
    const { tx } = change;
    const { message, sessionId } = await requireMessage(tx, input.messageId, account.userId);
    requireLiving(message);
    const { turn } = message;
    if (!turn) throw new ChatError('CONFLICT', 'Only an answer of Agent Jay can be written anew.');
    const versions = await tx.agentTurn.findMany({
      where: { questionId: turn.questionId },
      orderBy: { version: 'asc' },
      include: { message: { select: { id: true, seq: true, branch: true } } },
    });
    const [first] = versions;
    const newest = versions.at(-1);
    if (!first || !newest) throw new ChatError('CONFLICT', 'This answer has no question any more.');
    const isRunning = newest.status === 'queued' || newest.status === 'streaming';
    const isUnseen = input.newest !== undefined && versions.some((one) => one.messageId === input.newest);
    if (isRunning || (isUnseen && newest.messageId !== input.newest))
      return { messageId: newest.messageId as MessageId }; // minted below, or by the log
    if (goesOn && (message.content === '' || !BROKEN_OFF.includes(turn.status)))
      throw new ChatError('CONFLICT', 'There is nothing to go on from. Write it again instead.');

    await requireAnswerable(tx, sessionId, turn.questionId);
    const messageId = newMessageId();
    const forks = await readForks(tx, sessionId);
    const root = { ...placeOf(first.message), kind: 'answer' as const };
    const known = versions.map((one) => one.messageId as MessageId); // as above
    const fork = forkWith(forks, root, known, messageId);
    await keepFork(tx, sessionId, forks, fork);
    const { branch } = first.message;
    const answer = { id: messageId, userId: AGENT_ID, role: 'assistant', content: '', sendHash: '' };
    await appendMessage(
      change,
      { ...answer, sessionId, branch },
      {
        turn: {
          questionId: turn.questionId,
          askedBy: account.userId,
          version: newest.version + 1,
          versionOf: first.messageId,
          ...(goesOn ? { continues: message.id, kept: message.content } : {}),
        },
        fork,
      },
    );
    change.turnAsked = true;
    return { messageId };
  });
}

/** What can get no answer any more is not asked again: nothing would stand, empty, in the place of the answer that stands. */
async function requireAnswerable(reader: Reader, sessionId: SessionId, questionId: string): Promise<void> {
  const question = await reader.chatMessage.findUnique({
    where: { id: questionId },
    select: { deletedAt: true },
  });
  if (question?.deletedAt !== null)
    throw new ChatError('CONFLICT', 'The question of this answer was deleted. Ask it again instead.');
  const member = await reader.chatMember.findUnique({
    where: { sessionId_userId: { sessionId, userId: AGENT_ID } },
    select: { leftPos: true },
  });
  if (member?.leftPos !== null)
    throw new ChatError('CONFLICT', 'Agent Jay is no longer in this conversation. Add him again first.');
}
