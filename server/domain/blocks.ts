import { ChatError } from '../../protocol/errors.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Account } from './account.ts';
import type { Reader } from './deps.ts';

/** Only who was ever in one conversation with me: of others nothing is told, not even that they exist. */
export async function requireMet(reader: Reader, me: UserId, other: UserId): Promise<void> {
  const mine = await reader.chatMember.findMany({ where: { userId: me }, select: { sessionId: true } });
  const shared = await reader.chatMember.findFirst({
    where: { userId: other, sessionId: { in: mine.map((member) => member.sessionId) } },
  });
  if (!shared) throw new ChatError('NOT_FOUND', 'There is no such person here.');
}

/** Refuses to bring people together of whom one has blocked the other. The sentence does not say who. */
export async function requireNoBlock(
  reader: Reader,
  account: Account,
  others: readonly UserId[],
): Promise<void> {
  if (await isBlockBetween(reader, account.userId, others))
    throw new ChatError('FORBIDDEN', 'You cannot start a conversation with this person.');
}

/**
 * Whether somebody in a conversation that is no group has blocked this person, or was blocked by them: what a block
 * ended comes back neither by a link nor by a third person. In groups both stay.
 */
export async function isKeptApart(reader: Reader, sessionId: SessionId, userId: UserId): Promise<boolean> {
  const session = await reader.chatSession.findUniqueOrThrow({
    where: { id: sessionId },
    select: { isGroupChat: true, members: { where: { leftPos: null }, select: { userId: true } } },
  });
  if (session.isGroupChat) return false;
  const present = session.members.map((member) => member.userId);
  return !present.includes(userId) && isBlockBetween(reader, userId, present);
}

/** The same of a conversation that is no group, before it is there: no third person brings together whom a block parts. */
export async function requireNoBlockAmong(reader: Reader, people: readonly string[]): Promise<void> {
  const block = await reader.block.findFirst({
    where: { blockerId: { in: [...people] }, blockedId: { in: [...people] } },
  });
  if (block) throw new ChatError('FORBIDDEN', 'These people cannot be brought together in one conversation.');
}

async function isBlockBetween(reader: Reader, one: string, others: readonly string[]): Promise<boolean> {
  const block = await reader.block.findFirst({
    where: {
      OR: [
        { blockerId: one, blockedId: { in: [...others] } },
        { blockedId: one, blockerId: { in: [...others] } },
      ],
    },
  });
  return block !== null;
}
