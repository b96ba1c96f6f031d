import { ChatError } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
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
  const block = await reader.block.findFirst({
    where: {
      OR: [
        { blockerId: account.userId, blockedId: { in: [...others] } },
        { blockedId: account.userId, blockerId: { in: [...others] } },
      ],
    },
  });
  if (block) throw new ChatError('FORBIDDEN', 'You cannot start a conversation with this person.');
}
