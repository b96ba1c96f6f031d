import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, newMessageId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed, SendResult } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import { digestOf } from '../log/log.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { idReused } from './once.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/**
 * Sends the words of a message to another conversation, as one's own and marked as forwarded; who wrote them first is
 * not told. Agent Jay, alone with the person, takes it as said to him.
 */
export function forwardMessage(
  deps: DomainDeps,
  { userId }: Account,
  { id, messageId, sessionId }: Parsed<'message.forward'>,
): Promise<SendResult> {
  const sendHash = digestOf('forward', messageId, sessionId);
  return deps.log.change(async (change) => {
    const { tx } = change;
    const sent = await tx.chatMessage.findUnique({ where: { id } });
    if (sent) {
      if (sent.userId !== userId || sent.sendHash !== sendHash) throw idReused();
      return { id, sessionId, seq: sent.seq, createdAt: sent.createdAt.toISOString(), duplicate: true };
    }
    const { message } = await requireMessage(tx, messageId, userId);
    requireLiving(message);
    await requireMember(tx, sessionId, userId);
    if (message.attachments.length > 0)
      throw new ChatError(
        'CONFLICT',
        'A message with files cannot be forwarded. Send the file itself there.',
      );
    if (message.content.trim() === '')
      throw new ChatError('CONFLICT', 'There are no words in this message to forward yet.');
    const row = { id, sessionId, userId, role: 'user', content: message.content, sendHash, forwarded: true };
    const { seq } = await appendMessage(change, { ...row, createdAt: change.now });
    if (await isAloneWithAgent(change, sessionId)) {
      const answerId = newMessageId();
      await appendMessage(
        change,
        {
          id: answerId,
          sessionId,
          userId: AGENT_ID,
          role: 'assistant',
          content: '',
          sendHash: '',
          createdAt: change.now,
        },
        { questionId: id, askedBy: userId },
      );
      change.turnAsked = true;
    }
    return { id, sessionId, seq, createdAt: change.at, duplicate: false };
  });
}

type NewRow = Omit<Prisma.ChatMessageUncheckedCreateInput, 'seq' | 'sessionId'> & { sessionId: SessionId };

async function appendMessage(
  change: Change,
  row: NewRow,
  turn: { questionId: string; askedBy: string } | null = null,
): Promise<{ seq: number }> {
  const { tx } = change;
  return change.append(row.sessionId, async (seq) => {
    await tx.chatMessage.create({ data: { ...row, seq } });
    if (turn)
      await tx.agentTurn.create({
        data: { messageId: row.id, sessionId: row.sessionId, ...turn, createdAt: change.now },
      });
    await tx.chatSession.update({
      where: { id: row.sessionId },
      data: { totalMessages: { increment: 1 }, lastActivity: change.now },
    });
    const written = await tx.chatMessage.findUniqueOrThrow({
      where: { id: row.id },
      include: messageParts(row.userId as UserId), // an account's, or Agent Jay's
    });
    return { type: 'message.created', message: toChatMessage(written) };
  });
}

async function isAloneWithAgent({ tx }: Change, sessionId: string): Promise<boolean> {
  const { isGroupChat } = await tx.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
  const members = await tx.chatMember.findMany({ where: { sessionId, leftPos: null } });
  const people = members.filter((member) => member.role !== 'agent');
  return !isGroupChat && people.length === 1 && people.length < members.length;
}
