import { AGENT_ID, type ProjectId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Change } from '../log/change.ts';
import { type Account, requireAccount } from './account.ts';
import { unlinkProject } from './change-project.ts';
import type { DomainDeps } from './deps.ts';
import { eraseRows } from './erase-rows.ts';
import { announceMe, announceName } from './me.ts';
import { dismiss, handOver } from './membership.ts';
import { removeBytes } from './stored-bytes.ts';
import { stripName } from './strip-name.ts';

const NAME = 'Deleted account';

/**
 * Deletes an account, in one transaction. Conversations that nobody else is in vanish with everything in them; what
 * was said in others' conversations stays with them, under no name. Everything else that was kept of the person is gone,
 * and so is every way to sign in. Whoever is told of a change that this makes is told with it.
 */
export async function deleteAccount(
  deps: DomainDeps,
  account: Account,
  _input: Parsed<'me.delete'>,
): Promise<{ deleted: true }> {
  const { userId } = account;
  const files = await deps.log.change(async (change) => {
    const { tx } = change;
    await requireAccount(tx, userId);
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
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
        pictureId: null,
        deletedAt: change.now,
      },
    });
    await endBlocks(change, userId);
    // Before leaving, so that those who stay are told of the name that is gone.
    await announceName(change, userId);
    const { staying, erased } = await leaveEverything(change, userId);
    const unneeded = await takeFiles(change, userId, erased);
    // While it is known who was in those that go: what they were answered stays with them.
    await stripName(change, userId, [...staying, ...erased], NAME);
    for (const sessionId of erased) await eraseSession(change, sessionId);
    await unlinkProjects(change, userId);
    await eraseRows(change, userId, email, staying);
    return unneeded;
  });
  // Only once nothing can bring them back. Should this process die right here, a sweep finds them.
  await removeBytes(deps, files);
  return { deleted: true };
}

async function leaveEverything(
  change: Change,
  userId: UserId,
): Promise<Record<'staying' | 'erased', SessionId[]>> {
  const memberships = await change.tx.chatMember.findMany({
    where: { userId },
    include: { session: { select: { members: { where: { leftPos: null }, select: { userId: true } } } } },
  });
  const left: Record<'staying' | 'erased', SessionId[]> = { staying: [], erased: [] };
  for (const { sessionId: id, role, leftPos, session } of memberships) {
    const sessionId = id as SessionId; // written through its schema
    const othersStay = session.members.some((m) => m.userId !== userId && m.userId !== AGENT_ID);
    left[othersStay ? 'staying' : 'erased'].push(sessionId);
    if (othersStay && leftPos === null) {
      if (role === 'owner') await handOver(change, sessionId, userId);
      await dismiss(change, sessionId, userId, userId);
    }
  }
  return left;
}

/** Rows of files that nobody will see again: never sent, or of the conversations that go. */
async function takeFiles(
  { tx }: Change,
  userId: UserId,
  erased: readonly SessionId[],
): Promise<{ id: string; bytesId: string | null }[]> {
  const sessionId = { in: [...erased] };
  const where = { OR: [{ ownerId: userId, messageId: null }, { sessionId }, { message: { sessionId } }] };
  const rows = await tx.attachment.findMany({ where, select: { id: true, bytesId: true } });
  await tx.attachment.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  return rows;
}

/** Messages, turns, reactions and the rest go with the session's row; its events are not tied to it. */
async function eraseSession({ tx }: Change, sessionId: SessionId): Promise<void> {
  await tx.chatEvent.deleteMany({ where: { sessionId } });
  await tx.chatSession.delete({ where: { id: sessionId } });
}

/** The rows go with the account; conversations of others that they are linked to are told. */
async function unlinkProjects(change: Change, userId: UserId): Promise<void> {
  const projects = await change.tx.project.findMany({ where: { ownerId: userId }, select: { id: true } });
  for (const { id } of projects) await unlinkProject(change, id as ProjectId); // written through its schema
}

async function endBlocks(change: Change, userId: UserId): Promise<void> {
  const { tx } = change;
  const blockers = await tx.block.findMany({ where: { blockedId: userId }, select: { blockerId: true } });
  await tx.block.deleteMany({ where: { OR: [{ blockerId: userId }, { blockedId: userId }] } });
  for (const { blockerId } of blockers) await announceMe(change, blockerId as UserId); // an account's id
}
