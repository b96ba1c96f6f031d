import type { ReactNode } from 'react';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import { faceOf } from '../inbox/describe-session.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import type { Kind, SearchFilters, Since } from './search-filters.ts';

/** Narrows a search: what kind, since when, where, by whom. */
export function FilterBar({
  filters,
  onChange,
}: {
  filters: SearchFilters;
  onChange(filters: SearchFilters): void;
}) {
  const client = useChatClient();
  const me = useStore(client.me);
  const sessions = useLiveQuery(
    async () => [...(await client.db.listSessions()), ...(await client.db.listSessions({ archived: true }))],
    ['sessions'],
    [],
  );
  const people = new Map<string, string>();
  for (const { members, former } of sessions ?? []) {
    // Whoever is still in one of them goes by the name that they have there.
    for (const [userId, name] of Object.entries(former)) if (!people.has(userId)) people.set(userId, name);
    for (const { userId, name } of members) people.set(userId, userId === me.id ? en.message.you : name);
  }
  return (
    <fieldset aria-label={en.search.filters} className="flex flex-wrap gap-1 px-1 pt-2">
      <Choice
        label={en.search.kind}
        value={filters.kind}
        all={en.search.anyKind}
        options={Object.entries(en.search.kinds)}
        onChange={(kind) => onChange({ ...filters, kind: kind as Kind | null })}
      />
      <Choice
        label={en.search.since}
        value={filters.since}
        all={en.search.anyTime}
        options={Object.entries(en.search.times)}
        onChange={(since) => onChange({ ...filters, since: since as Since | null })}
      />
      <Choice
        label={en.search.where}
        value={filters.sessionId}
        all={en.search.anywhere}
        options={sessions?.map((session) => [session.id, faceOf(session, me.id).title]) ?? []}
        onChange={(id) => onChange({ ...filters, sessionId: id as SessionId | null })}
      />
      <Choice
        label={en.search.who}
        value={filters.userId}
        all={en.search.anybody}
        options={[...people]}
        onChange={(id) => onChange({ ...filters, userId: id as UserId | null })}
      />
    </fieldset>
  );
}

/** Its values are those of its options, which the caller knows. */
function Choice({
  label,
  value,
  all,
  options,
  onChange,
}: {
  label: string;
  value: string | null;
  all: ReactNode;
  options: readonly [string, string][] | readonly string[][];
  onChange(value: string | null): void;
}) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
      className={`min-h-9 max-w-36 truncate rounded-full border ps-3 pe-7 text-[0.8125rem] wide:min-h-7 ${
        value ? 'border-indigo bg-indigo-wash text-indigo-text' : 'border-line bg-surface text-soft'
      }`}
    >
      <option value="">{all}</option>
      {options.map(([id = '', name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
