import { companyOf } from '../../protocol/company.ts';
import { ChatError } from '../../protocol/errors.ts';
import { branchShown, type Fork, type Forks, forkWith } from '../../protocol/forks.ts';
import { AGENT_ID, type MessageId, type SessionId } from '../../protocol/ids.ts';
import type { SendResult } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import { appendSaid } from './append-message.ts';
import { takeClaimed } from './claim-attachments.ts';
import type { DomainDeps } from './deps.ts';
import { firstAnswerTo } from './first-answer.ts';
import { keepFork, placeOf, readForks } from './forks.ts';
import { idReused } from './once.ts';

interface Place {
  branch: MessageId | null;
  /** Of a question in another version. */
  fork: Fork | null;
}

/**
 * A question in another version, or a message in a conversation that has such: in the branch that its author saw or, of
 * whoever names none, in the one that is shown when it arrives. Rare beside plain sends, so it is a change of its own;
 * ids, order and the turn that it asks for are promised just the same (invariants 2, 3, 18).
 * @param hash of what was asked for, and of nothing that was found out here: a retry may find another branch shown
 */
export function sendInBranch(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.send'>,
  hash: string,
): Promise<SendResult & { answerId: MessageId | null }> {
  const { id, sessionId, content, parentId = null, attachmentIds } = input;
  const { userId } = account;
  return deps.log.change(async (change) => {
    const { tx } = change;
    const before = await tx.chatMessage.findUnique({ where: { id } });
    if (before) {
      if (before.userId !== userId || before.sendHash !== hash) throw idReused();
      const { seq, createdAt } = before;
      const answerId = await firstAnswerTo(tx, id);
      return { id, sessionId, seq, createdAt: createdAt.toISOString(), duplicate: true, answerId };
    }
    const member = await requireMember(tx, sessionId, userId);
    const parent =
      parentId === null
        ? null
        : await tx.chatMessage.findFirst({
            where: { id: parentId, sessionId, seq: { gte: member.joinSeq } },
          });
    if (parentId !== null && !parent)
      throw new ChatError('NOT_FOUND', 'The message you reply to is not in this conversation.');
    const { branch, fork } = await placeFor(change, account, input);
    const row = { id, sessionId, userId, content, sendHash: hash, parentId };
    const said = await appendSaid(change, {
      row: { ...row, branch, branchOf: fork?.root ?? null },
      fork,
      ...(attachmentIds.length > 0 ? { attach: () => takeClaimed(tx, userId, id) } : {}),
      addressesAgent: deps.mentionsAgent(content) || parent?.userId === AGENT_ID,
    });
    return { id, sessionId, createdAt: change.at, duplicate: false, ...said };
  });
}

async function placeFor(change: Change, account: Account, input: Parsed<'message.send'>): Promise<Place> {
  const { sessionId, branch, branchOf } = input;
  const forks = await readForks(change.tx, sessionId);
  if (!branchOf) {
    if (branch) await requireBranch(change, sessionId, forks, branch);
    return { branch: branch === undefined ? branchShown(forks) : branch, fork: null };
  }
  await requireAloneWithAgent(change, sessionId);
  const fork = await versionOf(change, account, input, forks, branchOf);
  await keepFork(change.tx, sessionId, forks, fork);
  return { branch: fork.in, fork };
}

/** Where others read along an edit is only an edit, and nobody's words are put aside by somebody else. */
async function requireAloneWithAgent({ tx }: Change, sessionId: SessionId): Promise<void> {
  const session = await tx.chatSession.findUniqueOrThrow({
    where: { id: sessionId },
    include: { members: { where: { leftPos: null } } },
  });
  if (companyOf(session).isAloneWithAgent) return;
  throw new ChatError(
    'CONFLICT',
    'Only where you are alone with Agent Jay can a question be asked in another version. Edit the message instead.',
  );
}

/** The fork that a new version of one's own question makes; its versions all stand in one branch. */
async function versionOf(
  { tx }: Change,
  account: Account,
  { id, sessionId }: Parsed<'message.send'>,
  forks: Forks,
  of: MessageId,
): Promise<Fork> {
  const { message } = await requireMessage(tx, of, account.userId);
  if (message.sessionId !== sessionId || message.userId !== account.userId || message.role !== 'user')
    throw new ChatError('FORBIDDEN', 'You can only ask your own questions in another version.');
  requireLiving(message);
  const first = message.branchOf
    ? await tx.chatMessage.findUniqueOrThrow({ where: { id: message.branchOf } })
    : message;
  return forkWith(forks, { ...placeOf(first), kind: 'question' }, [], id);
}

/** A branch is named after a version of a question that is not the first. */
async function requireBranch(
  { tx }: Change,
  sessionId: SessionId,
  forks: Forks,
  branch: MessageId,
): Promise<void> {
  const isKnown = Object.values(forks).some(
    (fork) => fork.kind === 'question' && fork.root !== branch && fork.all.includes(branch),
  );
  const head = isKnown && (await tx.chatMessage.findFirst({ where: { id: branch, sessionId } }));
  if (!head) throw new ChatError('NOT_FOUND', 'The question after which you write this is not there.');
}
