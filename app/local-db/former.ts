import type { SessionId } from '../../protocol/ids.ts';
import type { FormerMember } from '../../protocol/outputs.ts';
import type { Member } from '../../protocol/shapes.ts';
import type { StoredSession } from './rows.ts';

type Names = StoredSession['former'];

/** What is known of those who have left, once these are the members. */
export function formerAfter(
  held: Pick<StoredSession, 'members' | 'former'> | null,
  members: readonly Pick<Member, 'userId'>[],
): Names {
  if (!held) return {};
  const here = new Set(members.map(({ userId }) => userId));
  const gone = held.members.filter(({ userId }) => !here.has(userId));
  return { ...held.former, ...Object.fromEntries(gone.map(({ userId, name }) => [userId, name])) };
}

/** What the server tells of one conversation. */
export function formerTold(told: readonly FormerMember[], sessionId: SessionId): Names {
  const of = told.filter((one) => one.sessionId === sessionId);
  return Object.fromEntries(of.map(({ userId, name }) => [userId, name]));
}
