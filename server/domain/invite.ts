import { randomBytes } from 'node:crypto';
import { ChatError } from '../../protocol/errors.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Invitation, InvitationRow } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import type { Change } from '../log/change.ts';
import { requireMember } from './access.ts';
import { type Account, requireAccount } from './account.ts';
import { isKeptApart } from './blocks.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { admit } from './membership.ts';
import { once } from './once.ts';
import { readSession } from './shapes.ts';

/** A link that lets whoever has it in, for as long as it says. Any member may invite. Idempotent where it carries an id. */
export function inviteToSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.invite'>,
): Promise<Invitation> {
  const { mutationId } = input;
  const inviteBy = (reader: Reader) => createInvitation(deps, reader, account, input);
  if (mutationId === undefined) return inviteBy(deps.database.prisma);
  return once(deps.log, account, 'session.invite', { ...input, mutationId }, ({ tx }) => inviteBy(tx));
}

async function createInvitation(
  deps: DomainDeps,
  reader: Reader,
  { userId }: Account,
  { sessionId, expiresInHours }: Parsed<'session.invite'>,
): Promise<Invitation> {
  await requireMember(reader, sessionId, userId);
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(Date.now() + expiresInHours * 3_600_000);
  await reader.invitation.create({ data: { token, sessionId, createdBy: userId, expiresAt } });
  return toInvitation(deps, { token, expiresAt });
}

/** The links that let people in now, newest first: all of them for an owner, one's own for a member. */
export async function listInvitations(
  deps: DomainDeps,
  { userId }: Account,
  { sessionId }: Parsed<'session.invites'>,
): Promise<{ invitations: InvitationRow[] }> {
  const { prisma } = deps.database;
  const member = await requireMember(prisma, sessionId, userId);
  const rows = await prisma.invitation.findMany({
    where: {
      sessionId,
      revokedAt: null,
      expiresAt: { gt: new Date() },
      ...(member.role === 'owner' ? {} : { createdBy: userId }),
    },
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
  return {
    invitations: rows.map((row) => ({
      ...toInvitation(deps, row),
      createdBy: row.createdBy as UserId, // an account's
      createdAt: row.createdAt.toISOString(),
    })),
  };
}

/** The link lets nobody in any more. Its author may do that, and an owner; doing it again changes nothing. */
export async function revokeInvitation(
  deps: DomainDeps,
  { userId }: Account,
  { sessionId, token }: Parsed<'session.revokeInvite'>,
): Promise<{ revoked: true }> {
  const { prisma } = deps.database;
  const member = await requireMember(prisma, sessionId, userId);
  const invitation = await prisma.invitation.findFirst({ where: { token, sessionId } });
  if (!invitation || (member.role !== 'owner' && invitation.createdBy !== userId))
    throw new ChatError('NOT_FOUND', 'There is no such invitation, or it is not yours to revoke.');
  await prisma.invitation.updateMany({
    where: { token, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return { revoked: true };
}

function toInvitation(
  deps: DomainDeps,
  { token, expiresAt }: { token: string; expiresAt: Date },
): Invitation {
  return { token, url: new URL(`/join/${token}`, deps.publicUrl).href, expiresAt: expiresAt.toISOString() };
}

const notValid = () =>
  new ChatError('NOT_FOUND', 'This invitation is not valid, or no longer. Ask for a new link.');

/**
 * Joins by a link. Joining again changes nothing and answers the same; where it carries an id, also for whoever has left
 * meanwhile.
 */
export function joinSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.join'>,
): Promise<ChatSession> {
  const { mutationId, token } = input;
  const join = async (change: Change) => {
    await requireAccount(change.tx, account.userId);
    const invitation = await change.tx.invitation.findUnique({ where: { token } });
    if (!invitation || invitation.revokedAt || invitation.expiresAt <= change.now) throw notValid();
    const sessionId = invitation.sessionId as SessionId; // written through its schema
    // The same sentence: it must not tell who blocked whom.
    if (await isKeptApart(change.tx, sessionId, account.userId)) throw notValid();
    await admit(change, sessionId, account.userId);
    return readSession(change.tx, sessionId, account.userId);
  };
  if (mutationId === undefined) return deps.log.change(join);
  return once(deps.log, account, 'session.join', { ...input, mutationId }, join);
}
