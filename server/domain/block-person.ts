import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import type { Account } from './account.ts';
import { requireMet } from './blocks.ts';
import type { DomainDeps } from './deps.ts';
import { announceMe } from './me.ts';
import { dismiss, handOver } from './membership.ts';
import { once } from './once.ts';

/**
 * Blocks somebody, or takes it back. A conversation of just the two (Agent Jay aside) ends for the one who is blocked;
 * in groups both stay, and the blocker's devices fold their messages away. The blocked person is not told.
 */
export function blockPerson(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'people.block'>,
): Promise<{ userId: UserId; on: boolean; duplicate: boolean }> {
  const { userId, on } = input;
  return once(deps.log, account, 'people.block', input, async (change) => {
    const { tx } = change;
    if (userId === account.userId) throw new ChatError('CONFLICT', 'You cannot block yourself.');
    if (userId === AGENT_ID) {
      throw new ChatError(
        'CONFLICT',
        'Agent Jay cannot be blocked. Leave him out of a conversation instead.',
      );
    }
    const key = { blockerId_blockedId: { blockerId: account.userId, blockedId: userId } };
    const isBlocked = (await tx.block.findUnique({ where: key })) !== null;
    if (isBlocked === on) return { userId, on };
    if (on) {
      await requireMet(tx, account.userId, userId);
      await tx.block.create({
        data: { blockerId: account.userId, blockedId: userId, createdAt: change.now },
      });
      await endDirectConversations(change, account.userId, userId);
    } else await tx.block.delete({ where: key });
    await announceMe(change, account.userId);
    return { userId, on };
  });
}

async function endDirectConversations(change: Change, blocker: UserId, blocked: UserId): Promise<void> {
  const shared = await change.tx.chatSession.findMany({
    where: {
      isGroupChat: false,
      AND: [
        { members: { some: { userId: blocker, leftPos: null } } },
        { members: { some: { userId: blocked, leftPos: null } } },
        {
          members: {
            every: { OR: [{ userId: { in: [blocker, blocked, AGENT_ID] } }, { leftPos: { not: null } }] },
          },
        },
      ],
    },
    select: { id: true, members: { where: { userId: blocked }, select: { role: true } } },
  });
  for (const { id, members } of shared) {
    const sessionId = id as SessionId; // written through its schema
    if (members[0]?.role === 'owner') await handOver(change, sessionId, blocked);
    await dismiss(change, sessionId, blocked, blocker);
  }
}
