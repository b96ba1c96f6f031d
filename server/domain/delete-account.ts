import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { announceName } from './me.ts';
import { dismiss, handOver } from './membership.ts';

const NAME = 'Deleted account';

/**
 * Deletes an account, in one transaction. Conversations that nobody else is in vanish with everything in them; what
 * was said in others' conversations stays with them, under no name. Memories, projects, drafts, feedback and every way
 * to sign in are gone; open streams close with the auth sessions, within 5 s.
 */
export function deleteAccount(
  deps: DomainDeps,
  account: Account,
  _input: Parsed<'me.delete'>,
): Promise<{ deleted: true }> {
  const { userId } = account;
  return deps.log.change(async (change) => {
    const { tx } = change;
    await tx.user.update({
      where: { id: userId },
      data: {
        name: NAME,
        email: `deleted-${userId}@deleted.invalid`,
        emailVerified: false,
        image: null,
        isAnonymous: true,
        role: 'student',
        settings: {},
        deletedAt: change.now,
      },
    });
    // Before leaving, so that those who stay are told of the name that is gone.
    await announceName(change, userId);
    await leaveEverything(change, userId);
    const mine = { where: { userId } };
    await tx.authSession.deleteMany(mine);
    await tx.authAccount.deleteMany(mine);
    await tx.memory.deleteMany(mine);
    await tx.project.deleteMany({ where: { ownerId: userId } });
    await tx.draft.deleteMany(mine);
    await tx.messageFeedback.deleteMany(mine);
    await tx.userPresence.deleteMany(mine);
    await tx.appliedMutation.deleteMany(mine);
    await tx.invitation.deleteMany({ where: { createdBy: userId } });
    await tx.block.deleteMany({ where: { OR: [{ blockerId: userId }, { blockedId: userId }] } });
    return { deleted: true };
  });
}

async function leaveEverything(change: Change, userId: UserId): Promise<void> {
  const memberships = await change.tx.chatMember.findMany({
    where: { userId },
    include: { session: { select: { members: { where: { leftPos: null }, select: { userId: true } } } } },
  });
  for (const { sessionId: id, role, leftPos, session } of memberships) {
    const sessionId = id as SessionId; // written through its schema
    const othersStay = session.members.some((m) => m.userId !== userId && m.userId !== AGENT_ID);
    if (!othersStay) await eraseSession(change, sessionId);
    else if (leftPos === null) {
      if (role === 'owner') await handOver(change, sessionId, userId);
      await dismiss(change, sessionId, userId, userId);
    }
  }
}

/** Messages, turns, reactions and the rest go with the session's row; its events are not tied to it. */
async function eraseSession({ tx }: Change, sessionId: SessionId): Promise<void> {
  await tx.chatEvent.deleteMany({ where: { sessionId } });
  await tx.chatSession.delete({ where: { id: sessionId } });
}
