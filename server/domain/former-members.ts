import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { FormerMember } from '../../protocol/outputs.ts';
import type { Reader } from './deps.ts';

/**
 * Who has left these conversations since the account joined them, by the names they go by now: what they said before is
 * still read. Of conversations that the account is not in, nothing is told.
 */
export async function listFormerMembers(
  reader: Reader,
  userId: UserId,
  sessionIds: readonly string[],
): Promise<FormerMember[]> {
  const sessionId = { in: [...sessionIds] };
  const own = await reader.chatMember.findMany({
    where: { userId, leftPos: null, sessionId },
    select: { sessionId: true, joinSeq: true },
  });
  const joinSeqOf = new Map(own.map((row) => [row.sessionId, row.joinSeq]));
  const gone = await reader.chatMember.findMany({
    where: { sessionId: { in: [...joinSeqOf.keys()] }, leftPos: { not: null } },
    select: { sessionId: true, userId: true, leftSeq: true, user: { select: { name: true } } },
    orderBy: [{ sessionId: 'asc' }, { userId: 'asc' }],
  });
  return gone
    .filter((row) => (row.leftSeq ?? 0) > (joinSeqOf.get(row.sessionId) ?? Number.POSITIVE_INFINITY))
    .map((row) => ({
      // Rows were written through the schemas that brand these.
      sessionId: row.sessionId as SessionId,
      userId: row.userId as UserId,
      name: row.user.name,
    }));
}
