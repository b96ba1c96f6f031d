import type { UserId } from '../../protocol/ids.ts';
import type { LogEntry } from '../log/log-entry.ts';

export interface MembershipChange {
  entering: readonly UserId[];
  leaving: UserId | null;
  /** Somebody else saw to it that they go. */
  isRemoved: boolean;
}

/** Who comes into a session or goes with this entry; null for every other kind. */
export function membershipChange(entry: LogEntry): MembershipChange | null {
  // The payload was built from the event of this type when it was appended.
  if (entry.type === 'session.created') {
    const { session } = JSON.parse(entry.payload) as { session: { members: { userId: UserId }[] } };
    return { entering: session.members.map((member) => member.userId), leaving: null, isRemoved: false };
  }
  if (entry.type === 'member.joined') {
    const { member } = JSON.parse(entry.payload) as { member: { userId: UserId } };
    return { entering: [member.userId], leaving: null, isRemoved: false };
  }
  if (entry.type === 'member.left') {
    const { userId, by } = JSON.parse(entry.payload) as { userId: UserId; by: UserId };
    return { entering: [], leaving: userId, isRemoved: by !== userId };
  }
  return null;
}

/** Whether this account comes into a session or goes with this entry. */
export function concernsMembership(entry: LogEntry, userId: UserId): boolean {
  const change = membershipChange(entry);
  return change !== null && (change.leaving === userId || change.entering.includes(userId));
}
