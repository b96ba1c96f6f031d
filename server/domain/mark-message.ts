import type { SessionId } from '../../protocol/ids.ts';
import type { EarlierText } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { ChangedMessage } from './change-message.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/** Pins a message for everyone in the conversation, or takes the pin off. Any member may. */
export function pinMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.pin'>,
): Promise<ChangedMessage> {
  const { messageId, on } = input;
  const { userId } = account;
  return once(deps.log, account, 'message.pin', input, async (change) => {
    const { message, sessionId } = await requireMessage(change.tx, messageId, userId);
    requireLiving(message);
    if ((message.pinnedAt !== null) === on) return { messageId, sessionId, seq: null };
    await change.tx.chatMessage.update({
      where: { id: messageId },
      data: { pinnedAt: on ? change.now : null },
    });
    const { seq } = await change.append(sessionId, {
      type: 'message.pinned',
      messageId,
      on,
      userId,
      at: change.at,
    });
    return { messageId, sessionId, seq };
  });
}

/** Stars a message for oneself, on all of one's devices. */
export function starMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.star'>,
): Promise<ChangedMessage> {
  const { messageId, on } = input;
  const { userId } = account;
  return once(deps.log, account, 'message.star', input, async (change) => {
    const { message, sessionId } = await requireMessage(change.tx, messageId, userId);
    requireLiving(message);
    const key = { messageId_userId: { messageId, userId } };
    const before = await change.tx.messageStar.findUnique({ where: key });
    if (((before?.starredAt ?? null) !== null) === on) return { messageId, sessionId, seq: null };
    const starredAt = on ? change.at : null;
    const statePos = change.stamp({ userId }, { type: 'star', sessionId, messageId, starredAt });
    const row = { starredAt, statePos };
    await change.tx.messageStar.upsert({
      where: key,
      create: { messageId, userId, ...row },
      update: row,
    });
    return { messageId, sessionId, seq: null };
  });
}

/** One's own starred messages in the conversations one is in, newest star first. */
export async function listStarred(
  deps: DomainDeps,
  { userId }: Account,
  { before, limit }: Parsed<'message.starred'>,
): Promise<{ messages: ChatMessage[]; before: string | null }> {
  const { prisma } = deps.database;
  const memberships = await prisma.chatMember.findMany({
    where: { userId, leftPos: null },
    select: { sessionId: true, joinSeq: true },
  });
  const rows = await prisma.messageStar.findMany({
    where: {
      userId,
      starredAt: before ? { lt: new Date(before) } : { not: null },
      // Who left and came back has not got what was starred before.
      message: { OR: memberships.map(({ sessionId, joinSeq }) => ({ sessionId, seq: { gte: joinSeq } })) },
    },
    orderBy: [{ starredAt: 'desc' }, { messageId: 'desc' }],
    take: limit + 1,
    include: { message: { include: messageParts(userId) } },
  });
  const page = rows.slice(0, limit);
  return {
    messages: page.map((row) => toChatMessage(row.message)),
    before: rows.length > limit ? (page.at(-1)?.starredAt?.toISOString() ?? null) : null,
  };
}

/** What is pinned in a conversation, newest pin first. */
export async function listPinned(
  deps: DomainDeps,
  { userId }: Account,
  sessionId: SessionId,
): Promise<{ messages: ChatMessage[] }> {
  const { prisma } = deps.database;
  const member = await requireMember(prisma, sessionId, userId);
  const rows = await prisma.chatMessage.findMany({
    where: { sessionId, pinnedAt: { not: null }, seq: { gte: member.joinSeq } },
    orderBy: { pinnedAt: 'desc' },
    take: 100,
    include: messageParts(userId),
  });
  return { messages: rows.map(toChatMessage) };
}

/** What a message said before each of its edits, oldest first. */
export async function readHistory(
  deps: DomainDeps,
  { userId }: Account,
  { messageId }: Parsed<'message.history'>,
): Promise<{ earlier: EarlierText[] }> {
  const { prisma } = deps.database;
  await requireMessage(prisma, messageId, userId);
  const rows = await prisma.messageEdit.findMany({ where: { messageId }, orderBy: { seq: 'asc' } });
  return { earlier: rows.map((row) => ({ content: row.content, until: row.until.toISOString() })) };
}
