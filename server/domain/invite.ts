import { randomBytes } from 'node:crypto';
import { ChatError } from '../../protocol/errors.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { Invitation } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { admit } from './membership.ts';
import { readSession } from './shapes.ts';

const VALID_DAYS = 7;

/** A link that lets whoever has it in, for a week. Any member may invite. */
export async function inviteToSession(
  deps: DomainDeps,
  account: Account,
  sessionId: SessionId,
): Promise<Invitation> {
  const { prisma } = deps.database;
  await requireMember(prisma, sessionId, account.userId);
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(Date.now() + VALID_DAYS * 86_400_000);
  await prisma.invitation.create({ data: { token, sessionId, createdBy: account.userId, expiresAt } });
  return { token, url: new URL(`/join/${token}`, deps.publicUrl).href, expiresAt: expiresAt.toISOString() };
}

/** Joins by a link. Joining again changes nothing and answers the same. */
export function joinSession(deps: DomainDeps, account: Account, token: string): Promise<ChatSession> {
  return deps.log.change(async (change) => {
    const invitation = await change.tx.invitation.findUnique({ where: { token } });
    if (!invitation || invitation.revokedAt || invitation.expiresAt <= change.now) {
      throw new ChatError('NOT_FOUND', 'This invitation is not valid, or no longer. Ask for a new link.');
    }
    const sessionId = invitation.sessionId as SessionId; // written through its schema
    await admit(change, sessionId, account.userId);
    return readSession(change.tx, sessionId);
  });
}
