import { companyOf } from '../../protocol/company.ts';
import type { Fork } from '../../protocol/forks.ts';
import { AGENT_ID, type MessageId, newMessageId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { messageParts, toChatMessage } from './shapes.ts';

type Row = Omit<Prisma.ChatMessageUncheckedCreateInput, 'id' | 'sessionId' | 'seq' | 'createdAt'> & {
  id: MessageId;
  sessionId: SessionId;
};

interface With {
  /** Of an answer. */
  turn?: Omit<Prisma.AgentTurnUncheckedCreateInput, 'messageId' | 'sessionId' | 'createdAt'>;
  /** Which it changes. */
  fork?: Fork | null;
  /** Gives it its files, once it is there. */
  attach?: () => Promise<unknown>;
}

/** Appends one message within a change: its rows, its event and what its conversation counts. */
export async function appendMessage(change: Change, row: Row, { turn, fork, attach }: With = {}) {
  const { tx, now: createdAt } = change;
  const { id, sessionId } = row;
  return change.append(sessionId, async (seq) => {
    await tx.chatMessage.create({ data: { ...row, seq, createdAt } });
    await attach?.();
    if (turn) await tx.agentTurn.create({ data: { ...turn, messageId: id, sessionId, createdAt } });
    await tx.chatSession.update({
      where: { id: sessionId },
      data: { totalMessages: { increment: 1 }, lastActivity: createdAt },
    });
    const written = await tx.chatMessage.findUniqueOrThrow({
      where: { id },
      include: messageParts(row.userId as UserId), // an account's, or Agent Jay's
    });
    return { type: 'message.created', message: toChatMessage(written), ...(fork ? { fork } : {}) };
  });
}

/** What somebody says, and what makes it a question to Agent Jay also where others read along. */
export interface Said {
  row: Omit<Row, 'role' | 'userId'> & { userId: UserId };
  fork?: Fork | null;
  attach?: () => Promise<unknown>;
  /** It speaks to him by name, or replies to him. */
  addressesAgent: boolean;
}

/**
 * Appends what a person says and, where it asks Agent Jay, his answer, still empty, behind it and in the same branch.
 * The rare way; plain sends go by append_sends, which judges by the same rule whether he is asked.
 */
export async function appendSaid(
  change: Change,
  { row, fork, attach, addressesAgent }: Said,
): Promise<{ seq: number; answerId: MessageId | null }> {
  const { seq } = await appendMessage(change, { ...row, role: 'user' }, { fork, attach });
  const { sessionId, id: questionId, userId: askedBy } = row;
  const session = await change.tx.chatSession.findUniqueOrThrow({
    where: { id: sessionId },
    include: { members: { where: { leftPos: null }, select: { userId: true } } },
  });
  const isHere = session.members.some(({ userId }) => userId === AGENT_ID);
  if (!isHere || !(addressesAgent || companyOf(session).isAloneWithAgent)) return { seq, answerId: null };
  const answerId = newMessageId();
  const answer = { id: answerId, userId: AGENT_ID, role: 'assistant', content: '', sendHash: '' };
  const branch = fork ? questionId : row.branch;
  await appendMessage(change, { ...answer, sessionId, branch }, { turn: { questionId, askedBy } });
  change.turnAsked = true;
  return { seq, answerId };
}
