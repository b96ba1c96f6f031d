import type { UserId } from '../../protocol/ids.ts';
import { accountScope, type Cursor, sessionScope } from '../log/cursor.ts';
import type { KnownMemberships } from './departed-accounts.ts';
import { concernsMembership } from './membership-change.ts';
import type { RecentEntries, RecentEntry } from './recent-entries.ts';

export interface Remembered {
  userId: UserId;
  /** In which sessions the account was when its last stream closed, or is by another that is open. */
  known: KnownMemberships;
  recent: RecentEntries;
  /** Everything up to here was handed to the streams. */
  pos: number;
}

/**
 * What a stream that comes back with a cursor of this epoch has missed, told from memory.
 * @returns null when only the database can tell
 */
export function missedSince(
  cursor: Cursor,
  { userId, known, recent, pos }: Remembered,
): readonly RecentEntry[] | null {
  if (known.pos > pos || cursor.pos > known.pos) return null;
  // Told to this account, or to a session that it is in since then: nothing of the kind changed, see below.
  const isOwn =
    cursor.scope === accountScope(userId) || known.sessions.some((id) => sessionScope(id) === cursor.scope);
  const missed = recent.after(cursor.pos, pos);
  const isPlain = ({ entry }: RecentEntry) =>
    // Deleted words are gone from the log, and still here.
    entry.type !== 'message.deleted' && (entry.pos > known.pos || !concernsMembership(entry, userId));
  return isOwn && missed?.every(isPlain) ? missed : null;
}
