import { ChatError } from '../../protocol/errors.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { Prisma } from '../store/prisma-types.ts';
import type { Reader } from './deps.ts';
import { type MessageRow, messageParts } from './shapes.ts';

type MemberRow = Prisma.ChatMemberGetPayload<object>;

export const noSuchConversation = () =>
  new ChatError('NOT_FOUND', 'There is no such conversation, or you are not in it.');
export const noSuchMessage = () =>
  new ChatError('NOT_FOUND', 'There is no such message, or you cannot see it.');
export const noLongerMember = () => new ChatError('FORBIDDEN', 'You are no longer in this conversation.');

/**
 * The account's membership. A stranger learns nothing about what exists (NOT_FOUND); a former member already knew
 * (FORBIDDEN).
 */
export async function requireMember(
  reader: Reader,
  sessionId: SessionId,
  userId: UserId,
): Promise<MemberRow> {
  const member = await reader.chatMember.findUnique({ where: { sessionId_userId: { sessionId, userId } } });
  if (!member) throw noSuchConversation();
  if (member.leftPos !== null) throw noLongerMember();
  return member;
}

/** A message that the account may see, with its membership. */
export async function requireMessage(
  reader: Reader,
  messageId: MessageId,
  userId: UserId,
): Promise<{ message: MessageRow; member: MemberRow; sessionId: SessionId }> {
  const found = await findOnceJoined(reader, messageId, userId);
  if (found.member.leftPos !== null) throw noLongerMember();
  return found;
}

/** A message that the account has seen, also when it has left since: then as its words stood when it left. */
export async function requireSeenMessage(
  reader: Reader,
  messageId: MessageId,
  userId: UserId,
): Promise<{ message: MessageRow; sessionId: SessionId }> {
  const { message, member, sessionId } = await findOnceJoined(reader, messageId, userId);
  const { leftSeq } = member;
  if (leftSeq === null) return { message, sessionId };
  if (message.seq > leftSeq) throw noSuchMessage();
  const changed = await reader.messageEdit.findFirst({
    where: { messageId, seq: { gt: leftSeq } },
    orderBy: { seq: 'asc' },
  });
  return { message: changed ? { ...message, content: changed.content } : message, sessionId };
}

/** A message said after the account joined, whether it has left since or not. */
async function findOnceJoined(
  reader: Reader,
  messageId: MessageId,
  userId: UserId,
): Promise<{ message: MessageRow; member: MemberRow; sessionId: SessionId }> {
  const message = await reader.chatMessage.findUnique({
    where: { id: messageId },
    include: messageParts(userId),
  });
  if (!message) throw noSuchMessage();
  const sessionId = message.sessionId as SessionId; // written through its schema
  const member = await reader.chatMember.findUnique({ where: { sessionId_userId: { sessionId, userId } } });
  if (!member || message.seq < member.joinSeq) throw noSuchMessage();
  return { message, member, sessionId };
}

export function requireOwner(member: MemberRow): void {
  if (member.role !== 'owner')
    throw new ChatError('FORBIDDEN', 'Only the owner of this conversation may do that.');
}

export function requireLiving(message: MessageRow): void {
  if (message.deletedAt) throw new ChatError('CONFLICT', 'This message was deleted.');
}
