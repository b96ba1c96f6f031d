import { Link } from '@remix-run/react';
import { type MouseEvent, useRef, useState } from 'react';
import type { Me } from '../../protocol/shapes.ts';
import type { SessionRow } from '../local-db/rows.ts';
import { later } from '../parts/later.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { faceOf } from './describe-session.ts';
import { SessionMenu } from './session-menu.tsx';
import { UnreadBadge } from './unread-badge.tsx';

const SessionSheet = later(async () => (await import('./session-sheet.tsx')).SessionSheet);

/** One conversation in the list: a tap opens it, its badge leads to what is new, holding it shows what can be done. */
export function SessionLine({ row, me, isCurrent }: { row: SessionRow; me: Me; isCurrent: boolean }) {
  const [isHeld, setHeld] = useState(false);
  const isTouch = useRef(false);
  const { title } = faceOf(row, me.id);
  // A long press, where there is no pointer to hover with.
  const onContextMenu = (event: MouseEvent) => {
    if (!isTouch.current) return;
    event.preventDefault();
    setHeld(true);
  };
  return (
    <li
      className="group relative"
      onPointerDown={(event) => {
        isTouch.current = event.pointerType === 'touch';
      }}
      onContextMenu={onContextMenu}
    >
      <Link
        to={`/chat/${row.id}`}
        aria-current={isCurrent ? 'page' : undefined}
        className="block rounded-[14px] hover:bg-ink/5 aria-[current]:bg-surface aria-[current]:shadow-soft"
      >
        <ConversationRow row={row} me={me} />
      </Link>
      <span className="pointer-events-none absolute end-2 bottom-2.5">
        <UnreadBadge row={row} />
      </span>
      <SessionMenu row={row} title={title} />
      {isHeld && <SessionSheet row={row} title={title} onClose={() => setHeld(false)} />}
    </li>
  );
}
