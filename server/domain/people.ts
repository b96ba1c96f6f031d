import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { DomainDeps } from './deps.ts';

/** Conversations that a person is in right now. */
export async function sessionsOf(deps: DomainDeps, userId: UserId): Promise<SessionId[]> {
  const rows = await deps.database.prisma.chatMember.findMany({
    where: { userId, leftPos: null },
    select: { sessionId: true },
  });
  return rows.map((row) => row.sessionId as SessionId); // written through its schema
}

/** Of those named, the ones who share a conversation with the account; of others nothing is told. */
export async function visiblePeople(
  deps: DomainDeps,
  userId: UserId,
  named: readonly UserId[],
): Promise<UserId[]> {
  const sessions = await sessionsOf(deps, userId);
  const rows = await deps.database.prisma.chatMember.findMany({
    where: { sessionId: { in: sessions }, userId: { in: [...named] }, leftPos: null },
    select: { userId: true },
    distinct: ['userId'],
  });
  const shared = new Set(rows.map((row) => row.userId));
  return named.filter((id) => id === userId || id === AGENT_ID || shared.has(id));
}
