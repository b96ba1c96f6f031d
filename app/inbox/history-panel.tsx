import { Link } from '@remix-run/react';
import { useState } from 'react';
import type { Me } from '../../protocol/shapes.ts';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { faceOf } from './describe-session.ts';

const DAY_MS = 86_400_000;

/** Every conversation there ever was, put away or not, by when something last happened in it. */
export function HistoryPanel({ onClose }: { onClose(): void }) {
  const client = useChatClient();
  const me = useStore(client.me);
  const [query, setQuery] = useState('');
  const rows = useLiveQuery(
    async () =>
      (await Promise.all([client.db.listSessions(), client.db.listSessions({ archived: true })])).flat(),
    ['sessions'],
    [],
  );
  const wanted = query.trim().toLocaleLowerCase();
  const shown = rows?.filter((row) => faceOf(row, me.id).title.toLocaleLowerCase().includes(wanted)) ?? [];
  return (
    <Dialog open onOpenChange={onClose} title={en.history.title} closeLabel={en.close}>
      <Field
        label={en.history.search}
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {rows && shown.length === 0 && <p className="p-6 text-center text-sm text-soft">{en.list.noMatch}</p>}
      {byAge(shown).map(([age, group]) => (
        <section key={age} aria-label={age}>
          <h3 className="px-2 pt-4 pb-1 text-xs font-semibold tracking-wide text-faint uppercase">{age}</h3>
          <ul>
            {group.map((row) => (
              <Line key={row.id} row={row} me={me} onClose={onClose} />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

function Line({ row, me, onClose }: { row: SessionRow; me: Me; onClose(): void }) {
  return (
    <li>
      <Link to={`/chat/${row.id}`} onClick={onClose} className="block rounded-[14px] hover:bg-ink/5">
        <ConversationRow row={row} me={me} />
      </Link>
    </li>
  );
}

/** Newest first, in the words one would use for when it was. */
function byAge(rows: readonly SessionRow[], now = Date.now()): [string, SessionRow[]][] {
  const groups = new Map<string, SessionRow[]>();
  const when = (row: SessionRow) => Date.parse(row.lastMessage?.createdAt ?? row.lastActivity);
  for (const row of [...rows].sort((a, b) => when(b) - when(a))) {
    const days = Math.floor((now - when(row)) / DAY_MS);
    const { today, week, month, older } = en.history;
    const age = days < 1 ? today : days < 7 ? week : days < 31 ? month : older;
    groups.set(age, [...(groups.get(age) ?? []), row]);
  }
  return [...groups];
}
