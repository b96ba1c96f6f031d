import { Link } from '@remix-run/react';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { isMuted } from './muted.ts';

/** What there is room for; whoever listens is told the whole number. */
const MOST_SHOWN = 999;

/** How much is new; a tap leads to the first of it, which is what causes the number. */
export function UnreadBadge({ row }: { row: SessionRow }) {
  const { unread, mentions, firstUnread, mine } = row;
  const look = isMuted(mine) && mentions === 0 ? 'bg-faint text-paper' : 'bg-indigo text-indigo-ink';
  const shape = `tabular pointer-events-auto grid h-5 min-w-5 place-items-center rounded-full px-1.5 text-xs font-semibold ${look}`;
  if (unread === 0)
    return mine.markedUnread ? (
      <span className={`${shape} h-3! min-w-3! px-0!`}>
        <span className="sr-only">{en.list.markedUnread}</span>
      </span>
    ) : null;
  return (
    <span className="flex gap-1">
      {mentions > 0 && (
        <span className={shape}>
          <span aria-hidden="true">@</span>
          <span className="sr-only">{en.list.mentions(mentions)}</span>
        </span>
      )}
      <Link
        to={firstUnread ? `/chat/${row.id}?m=${firstUnread}` : `/chat/${row.id}`}
        title={en.list.toFirstUnread}
        className={`${shape} relative after:absolute after:-inset-2.5`}
      >
        <span aria-hidden="true">{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span>
        <span className="sr-only">{en.list.unreadBadge(unread)}</span>
      </Link>
    </span>
  );
}
