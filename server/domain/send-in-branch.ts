import { ChatError } from '../../protocol/errors.ts';
import { type Fork, type Forks, forkWith } from '../../protocol/forks.ts';
import { AGENT_ID, type MessageId, newMessageId, type SessionId } from '../../protocol/ids.ts';
import type { Parsed, SendResult } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import { digestOf } from '../log/log.ts';
import type { Tx } from '../store/prisma-types.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { keepFork, placeOf, readForks } from './forks.ts';
import { idReused } from './once.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/**
 * A question in another version, or a message in the tail of one. Only where one person talks with Agent Jay: elsewhere
 * an edit is only an edit, and nobody's words are put aside by somebody else. Rare beside plain sends, so it is a change
 * of its own; ids, order and the turn that it asks for are promised just the same (invariants 2, 3, 18).
 */
export function sendInBranch(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.send'>,
): Promise<SendResult & { answerId: MessageId | null }> {
  const { id, sessionId, content, parentId = null } = input;
  const hash = digestOf(
    sessionId,
    content,
    parentId,
    input.branch ?? null,
    input.branchOf ?? null,
    input.attachmentIds,
  );
  return deps.log.change(async (change) => {
    const { tx } = change;
    const member = await requireMember(tx, sessionId, account.userId);
    const before = await tx.chatMessage.findUnique({ where: { id } });
    if (before) {
      if (before.userId !== account.userId || before.sendHash !== hash) throw idReused();
      const turn = await tx.agentTurn.findUnique({
        where: { questionId_version: { questionId: id, version: 1 } },
      });
      const { seq, createdAt } = before;
      const answerId = turn ? (turn.messageId as MessageId) : null; // minted below
      return { id, sessionId, seq, createdAt: createdAt.toISOString(), duplicate: true, answerId };
    }
    await requireAloneWithAgent(change, sessionId);
    if (parentId !== null) {
      const parent = await tx.chatMessage.findFirst({
        where: { id: parentId, sessionId, seq: { gte: member.joinSeq } },
      });
      if (!parent) throw new ChatError('NOT_FOUND', 'The message you reply to is not in this conversation.');
    }
    const forks = await readForks(tx, sessionId);
    const { branch, fork } = input.branchOf
      ? await versionOf(change, account, sessionId, forks, input.branchOf, id)
      : { branch: await requireBranch(change, sessionId, forks, input.branch ?? null), fork: null };
    if (fork) await keepFork(tx, sessionId, forks, fork);
    const append = (part: { id: MessageId; userId: string; role: string; hash: string; text: string }) =>
      change.append(sessionId, async (seq) => {
        const isQuestion = part.id === id;
        await tx.chatMessage.create({
          data: {
            id: part.id,
            sessionId,
            seq,
            userId: part.userId,
            role: part.role,
            content: part.text,
            sendHash: part.hash,
            parentId: isQuestion ? parentId : null,
            branch: isQuestion || !fork ? branch : id,
            branchOf: isQuestion && fork ? fork.root : null,
            createdAt: change.now,
          },
        });
        if (isQuestion) await takeFiles(tx, id);
        if (!isQuestion) {
          const asked = { questionId: id, askedBy: account.userId, createdAt: change.now };
          await tx.agentTurn.create({ data: { messageId: part.id, sessionId, ...asked } });
        }
        const row = await tx.chatMessage.findUniqueOrThrow({
          where: { id: part.id },
          include: messageParts(account.userId),
        });
        return {
          type: 'message.created',
          message: toChatMessage(row),
          ...(isQuestion && fork ? { fork } : {}),
        };
      });
    const { seq } = await append({ id, userId: account.userId, role: 'user', hash, text: content });
    const answerId = newMessageId();
    await append({ id: answerId, userId: AGENT_ID, role: 'assistant', hash: '', text: '' });
    await tx.chatSession.update({
      where: { id: sessionId },
      data: { totalMessages: { increment: 2 }, lastActivity: change.now },
    });
    change.turnAsked = true;
    return { id, sessionId, seq, createdAt: change.at, duplicate: false, answerId };
  });
}

/** As append_sends does with what was claimed for a message. */
async function takeFiles(tx: Tx, id: MessageId): Promise<void> {
  const claimed = { claimedBy: id, status: 'ready', messageId: null };
  const files = await tx.attachment.findMany({ where: claimed, orderBy: { place: 'asc' } });
  if (files.length === 0) return;
  await tx.attachment.updateMany({ where: claimed, data: { messageId: id } });
  const fileNames = files.map(({ name }) => name).join(' ');
  await tx.chatMessage.update({ where: { id }, data: { fileNames } });
}

async function requireAloneWithAgent({ tx }: Change, sessionId: SessionId): Promise<void> {
  const session = await tx.chatSession.findUniqueOrThrow({
    where: { id: sessionId },
    include: { members: { where: { leftPos: null } } },
  });
  const isAlone = session.members.length === 2 && session.members.some(({ userId }) => userId === AGENT_ID);
  if (session.isGroupChat || !isAlone) {
    throw new ChatError(
      'CONFLICT',
      'Here others read along: edit the message instead of asking in another version.',
    );
  }
}

/** The fork that a new version of one's own question makes, and the branch in which all its versions stand. */
async function versionOf(
  { tx }: Change,
  account: Account,
  sessionId: SessionId,
  forks: Forks,
  of: MessageId,
  id: MessageId,
): Promise<{ branch: MessageId | null; fork: Fork }> {
  const { message } = await requireMessage(tx, of, account.userId);
  if (message.sessionId !== sessionId || message.userId !== account.userId || message.role !== 'user')
    throw new ChatError('FORBIDDEN', 'You can only ask your own questions in another version.');
  requireLiving(message);
  const first = message.branchOf
    ? await tx.chatMessage.findUniqueOrThrow({ where: { id: message.branchOf } })
    : message;
  const fork = forkWith(forks, { ...placeOf(first), kind: 'question' }, [], id);
  return { branch: fork.in, fork };
}

/** A branch is named after a version of a question that is not the first. */
async function requireBranch(
  { tx }: Change,
  sessionId: SessionId,
  forks: Forks,
  branch: MessageId | null,
): Promise<MessageId | null> {
  if (branch === null) return null;
  const isKnown = Object.values(forks).some(
    (fork) => fork.kind === 'question' && fork.root !== branch && fork.all.includes(branch),
  );
  const head = isKnown && (await tx.chatMessage.findFirst({ where: { id: branch, sessionId } }));
  if (!head) throw new ChatError('NOT_FOUND', 'The question after which you write this is not there.');
  return branch;
}
