import type { MessageId } from '../../protocol/ids.ts';
import type { MessagePage, Recipient } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { repliesUnder } from '../store/thread-sql.ts';
import { requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/** One page of history, oldest first, ending just before `before`. */
export async function listMessages(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.list'>,
): Promise<MessagePage> {
  const { sessionId, before, limit } = input;
  const { prisma } = deps.database;
  const member = await requireMember(prisma, sessionId, account.userId);
  const rows = await prisma.chatMessage.findMany({
    where: { sessionId, seq: { gte: member.joinSeq, ...(before === undefined ? {} : { lt: before }) } },
    orderBy: { seq: 'desc' },
    take: limit + 1,
    include: messageParts(account.userId),
  });
  const hasMore = rows.length > limit;
  return { messages: rows.slice(0, limit).reverse().map(toChatMessage), hasMore };
}

/** A message and what was replied to it, and to the replies, oldest first. */
export async function readThread(
  deps: DomainDeps,
  account: Account,
  messageId: MessageId,
): Promise<{ root: ChatMessage; replies: ChatMessage[] }> {
  const { prisma } = deps.database;
  const { message, member, sessionId } = await requireMessage(prisma, messageId, account.userId);
  const replies = await prisma.chatMessage.findMany({
    where: { id: { in: await repliesUnder(prisma, messageId) }, sessionId, seq: { gte: member.joinSeq } },
    orderBy: { seq: 'asc' },
    include: messageParts(account.userId),
  });
  return { root: toChatMessage(message), replies: replies.map(toChatMessage) };
}

/** When a message reached each of its recipients, and when each read it. */
export async function readMessageInfo(
  deps: DomainDeps,
  account: Account,
  messageId: MessageId,
): Promise<{ recipients: Recipient[] }> {
  const { prisma } = deps.database;
  const { message, sessionId } = await requireMessage(prisma, messageId, account.userId);
  const members = await prisma.chatMember.findMany({
    where: {
      sessionId,
      userId: { not: message.userId },
      joinSeq: { lte: message.seq },
      OR: [{ leftSeq: null }, { leftSeq: { gt: message.seq } }],
    },
    orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
  });
  const deliveries = await prisma.messageDelivery.findMany({ where: { messageId } });
  const byUser = new Map(deliveries.map((row) => [row.userId, row]));
  const recipients = members.map((member): Recipient => {
    const row = byUser.get(member.userId);
    return {
      userId: member.userId as Recipient['userId'], // written through its schema
      deliveredAt: row?.deliveredAt?.toISOString() ?? null,
      readAt: row?.readAt?.toISOString() ?? null,
      retryCount: row?.retryCount ?? 0,
      lastRetry: row?.lastRetry?.toISOString() ?? null,
      errorReason: row?.errorReason ?? null,
    };
  });
  return { recipients };
}

/** One message that the account may see. */
export async function readMessage(
  deps: DomainDeps,
  account: Account,
  messageId: MessageId,
): Promise<ChatMessage> {
  const { message } = await requireMessage(deps.database.prisma, messageId, account.userId);
  return toChatMessage(message);
}
