import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import type { Change } from '../log/change.ts';
import { requireMember, requireOwner } from './access.ts';
import type { Account } from './account.ts';
import { announceMembers } from './announce-members.ts';
import { isKeptApart, requireNoBlock } from './blocks.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';
import { readSession } from './shapes.ts';

/** Makes someone a member from this event on; what was said before stays with those who were there. */
export async function admit(change: Change, sessionId: SessionId, userId: UserId): Promise<void> {
  const { tx } = change;
  const key = { sessionId_userId: { sessionId, userId } };
  const before = await tx.chatMember.findUnique({ where: key });
  if (before && before.leftPos === null) return;
  const isAgent = userId === AGENT_ID;
  const session = await tx.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
  const people = await tx.chatMember.count({ where: { sessionId, leftPos: null, role: { not: 'agent' } } });
  if (!isAgent && people >= session.maxParticipants) {
    throw new ChatError('CONFLICT', `This conversation is full: it takes ${session.maxParticipants} people.`);
  }
  await change.append(sessionId, async (seq) => {
    const row = {
      role: isAgent ? 'agent' : 'member',
      joinedAt: change.now,
      joinPos: change.nextPos,
      joinSeq: seq,
      leftAt: null,
      leftPos: null,
      leftSeq: null,
      deliveredSeq: seq - 1,
      readSeq: seq - 1,
      shownReadSeq: seq - 1,
    };
    await tx.chatMember.upsert({ where: key, create: { sessionId, userId, ...row }, update: row });
    const whole = await readSession(tx, sessionId, null);
    const member = whole.members.find((m) => m.userId === userId);
    if (!member) throw new Error('The member just written is not there');
    return { type: 'member.joined', member, session: whole };
  });
}

/**
 * Ends a membership with this event; nothing after it reaches them (invariant 24). The links that they handed out let
 * nobody in any more, themselves included.
 */
export async function dismiss(
  change: Change,
  sessionId: SessionId,
  userId: UserId,
  by: UserId,
): Promise<void> {
  const event = await change.append(sessionId, { type: 'member.left', userId, by, at: change.at });
  await change.tx.chatMember.update({
    where: { sessionId_userId: { sessionId, userId } },
    data: { leftAt: change.now, leftPos: change.pos, leftSeq: event.seq },
  });
  await change.tx.invitation.updateMany({
    where: { sessionId, createdBy: userId, revokedAt: null },
    data: { revokedAt: change.now },
  });
}

export function addMember(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.addMember'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { sessionId, userId } = input;
  return once(deps.log, account, 'session.addMember', input, async (change) => {
    await requireMember(change.tx, sessionId, account.userId);
    if (!(await change.tx.user.findUnique({ where: { id: userId, deletedAt: null } }))) {
      throw new ChatError('NOT_FOUND', 'There is no such person here.');
    }
    await requireNoBlock(change.tx, account, [userId]);
    if (await isKeptApart(change.tx, sessionId, userId))
      throw new ChatError('FORBIDDEN', 'This person cannot be added to this conversation.');
    await admit(change, sessionId, userId);
    return readSession(change.tx, sessionId, account.userId);
  });
}

/** The owner removes someone; nothing committed after it reaches them (invariant 24). */
export function removeMember(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.removeMember'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { sessionId, userId } = input;
  return once(deps.log, account, 'session.removeMember', input, async (change) => {
    requireOwner(await requireMember(change.tx, sessionId, account.userId));
    if (userId === account.userId)
      throw new ChatError('CONFLICT', 'To go yourself, leave the conversation instead.');
    const target = await change.tx.chatMember.findUnique({
      where: { sessionId_userId: { sessionId, userId } },
    });
    if (!target || target.leftPos !== null)
      throw new ChatError('NOT_FOUND', 'That person is not in this conversation.');
    await dismiss(change, sessionId, userId, account.userId);
    return readSession(change.tx, sessionId, account.userId);
  });
}

/** Leaves. If the last owner leaves, the longest-standing person becomes owner. */
export function leaveSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.leave'>,
): Promise<{ sessionId: SessionId; duplicate: boolean }> {
  const { sessionId } = input;
  return once(deps.log, account, 'session.leave', input, async (change) => {
    const member = await requireMember(change.tx, sessionId, account.userId);
    if (member.role === 'owner') await handOver(change, sessionId, account.userId);
    await dismiss(change, sessionId, account.userId, account.userId);
    return { sessionId };
  });
}

/** Makes the longest-standing other person the owner, unless there is another; nobody, when there is none. */
export async function handOver(change: Change, sessionId: SessionId, from: UserId): Promise<void> {
  const another = await change.tx.chatMember.findFirst({
    where: { sessionId, leftPos: null, role: 'owner', userId: { not: from } },
  });
  if (another) return;
  const heir = await change.tx.chatMember.findFirst({
    where: { sessionId, leftPos: null, userId: { not: from }, role: { not: 'agent' } },
    orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
  });
  if (!heir) return;
  const key = (userId: string) => ({ sessionId_userId: { sessionId, userId } });
  await change.tx.chatMember.update({ where: key(heir.userId), data: { role: 'owner' } });
  await change.tx.chatMember.update({ where: key(from), data: { role: 'member' } });
  await announceMembers(change, sessionId);
}
