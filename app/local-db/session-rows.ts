import { forkOf, isShown } from '../../protocol/forks.ts';
import { isCounted } from '../../protocol/outbox.ts';
import type { MessageReads } from './message-reads.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, type MessageRow, type OutboxEntry, type SessionRow, StoredSession } from './rows.ts';
import type { ChatIdb } from './schema.ts';

/** In a conversation with versions, whose newest message may be one that is not shown. */
const LOOKED_AT_FOR_LAST = 40;

/** Conversations as a list shows them: pinned ones on top, newest activity first. */
export async function listSessionRows(
  idb: ChatIdb,
  parser: RowParser,
  reads: MessageReads,
  outbox: readonly OutboxEntry[],
  archived: boolean,
): Promise<SessionRow[]> {
  const sessions = parser.all('sessions', StoredSession, await idb.getAll('sessions'));
  const drafts = parser.all('drafts', Draft, await idb.getAll('drafts'));
  const draftOf = new Map(drafts.map((draft) => [draft.sessionId, draft.content]));
  const shown = sessions.filter((session) => isAway(session) === archived);
  const rows = await Promise.all(
    shown.map(async (session): Promise<SessionRow> => {
      const hasForks = Object.keys(session.forks).length > 0;
      const most = hasForks ? LOOKED_AT_FOR_LAST : 1;
      const newest = await reads.before(idb, session.id, Number.POSITIVE_INFINITY, most);
      const waiting = outbox.filter((entry) => entry.sessionId === session.id && isCounted(entry.op));
      return {
        ...session,
        ...(await reads.unread(idb, session)),
        lastMessage: lastShown(session, newest),
        waiting: waiting.length,
        draft: draftOf.get(session.id) || null,
      };
    }),
  );
  return rows.sort((a, b) => isPinned(b) - isPinned(a) || (activityOf(a) < activityOf(b) ? 1 : -1));
}

/**
 * The last message of the conversation as it is shown; those of other branches are not looked at for ever. A version that
 * was written later stands where the first one stood.
 * @param newest oldest first
 */
function lastShown({ forks }: StoredSession, newest: readonly MessageRow[]): MessageRow | null {
  const placeOf = ({ id, sortKey }: MessageRow) => forkOf(forks, id)?.at ?? sortKey;
  const [first, ...others] = newest.filter(({ id, sortKey: place, branch }) =>
    isShown(forks, { id, place, branch }),
  );
  if (!first) return newest.at(-1) ?? null;
  return others.reduce((last, one) => (placeOf(one) >= placeOf(last) ? one : last), first);
}

const isAway = (one: StoredSession) => !one.isActive || one.left || one.mine.archivedAt !== null;
const isPinned = (row: SessionRow) => (row.mine.pinnedAt === null ? 0 : 1);

function activityOf(row: SessionRow): string {
  const written = row.lastMessage?.createdAt ?? '';
  return [written, row.lastActivity].sort()[1] ?? '';
}
