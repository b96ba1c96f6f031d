import { useNavigate, useParams, useSearchParams } from '@remix-run/react';
import { Plus, Search, Settings, Star } from 'lucide-react';
import { useEffect, useState } from 'react';
import { newSessionId } from '../../protocol/ids.ts';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { noFilters } from '../search/search-filters.ts';
import { useMessageSearch } from '../search/use-message-search.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Mark } from '../ui/star.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { faceOf } from './describe-session.ts';
import { SessionLine } from './session-line.tsx';

const NewConversation = later(async () => (await import('./new-conversation.tsx')).NewConversation);
const BusyStrip = later(async () => (await import('./busy-strip.tsx')).BusyStrip);
const FilterBar = later(async () => (await import('../search/filter-bar.tsx')).FilterBar);
const FoundMessageList = later(async () => (await import('../search/found-messages.tsx')).FoundMessageList);

type Filter = 'all' | 'unread' | 'agent' | 'people' | 'groups' | 'archived';
const filters: readonly Filter[] = ['all', 'unread', 'agent', 'people', 'groups', 'archived'];

export function ConversationList() {
  const client = useChatClient();
  const me = useStore(client.me);
  const navigate = useNavigate();
  const { sessionId: current } = useParams();
  const [filter, setFilter] = useState<Filter>('all');
  const [query, setQuery] = useState('');
  const [isCreating, setCreating] = useState(false);
  const archived = filter === 'archived';
  const [params] = useSearchParams();
  const shortcut = params.has('new') ? 'new' : params.has('ask') ? 'ask' : null;
  // The installed app's shortcuts come as addresses.
  useEffect(() => {
    if (shortcut === null) return;
    navigate('/chat', { replace: true });
    if (shortcut === 'new') return setCreating(true);
    const id = newSessionId();
    client.outbox.enqueue('session.create', { id }).then(
      () => navigate(`/chat/${id}`),
      () => setCreating(true),
    );
  }, [shortcut, client, navigate]);
  const sessions = useLiveQuery(
    () => client.db.listSessions({ archived }),
    ['sessions', 'outbox'],
    [archived],
  );

  const matches = (row: SessionRow) => {
    const face = faceOf(row, me.id);
    if (filter === 'unread' && row.unread === 0 && !row.mine.markedUnread) return false;
    if (filter === 'agent' && !face.isAgent) return false;
    if (filter === 'people' && face.other === null) return false;
    if (filter === 'groups' && (face.isAgent || face.other !== null)) return false;
    return face.title.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
  };
  const shown = sessions?.filter(matches);
  const isNothingHere = sessions?.length === 0 && !archived;
  const [narrowing, setNarrowing] = useState(noFilters);
  const found = useMessageSearch(query, narrowing);
  const unread = sessions?.filter((row) => row.unread > 0 || row.mine.markedUnread).length ?? 0;

  return (
    <nav
      aria-label={en.list.label}
      className="flex h-full flex-col border-e border-line bg-side pt-[env(safe-area-inset-top)]"
    >
      <div className="flex flex-wrap items-center gap-1 px-4 pt-4 pb-2 font-semibold wide:gap-2.5">
        <Mark className="h-7 w-7" />
        <h1 className="ms-1.5 me-auto whitespace-nowrap wide:ms-0">{en.name}</h1>
        <IconButton label={en.starred.title} onClick={() => navigate('/chat/starred')}>
          <Star />
        </IconButton>
        <IconButton label={en.conversation.settings} onClick={() => navigate('/chat/settings')}>
          <Settings />
        </IconButton>
        <IconButton label={en.list.new} onClick={() => setCreating(true)}>
          <Plus />
        </IconButton>
      </div>
      <label className="relative mx-3 mt-1 mb-2 block">
        <span className="sr-only">{en.list.search}</span>
        <Search
          className="pointer-events-none absolute start-3 top-1/2 h-4 w-4 -translate-y-1/2 text-faint"
          aria-hidden="true"
        />
        <input
          type="search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          placeholder={en.list.searchHint}
          className="min-h-11 w-full rounded-xl border border-line bg-surface ps-9 pe-3 text-[0.9375rem] placeholder:text-faint wide:min-h-10"
        />
      </label>
      <div className="flex gap-1 overflow-x-auto px-3 pb-2 text-[0.8125rem] [scrollbar-width:none] wide:flex-wrap">
        {filters.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={filter === name}
            onClick={() => setFilter(name)}
            className="min-h-9 flex-none rounded-full px-2.5 text-soft aria-pressed:bg-ink aria-pressed:text-paper wide:min-h-7"
          >
            {en.list[name]}
            {name === 'unread' && unread > 0 ? ` ${unread}` : ''}
          </button>
        ))}
      </div>
      <BusyStrip me={me} />
      <ConnectionStrip />
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-[calc(8px+env(safe-area-inset-bottom))]">
        <ul>
          {shown?.map((row) => (
            <SessionLine key={row.id} row={row} me={me} isCurrent={row.id === current} />
          ))}
          {shown?.length === 0 && !found && (
            <li className="p-6 text-center text-sm text-soft">
              {isNothingHere ? en.list.empty : en.list.noMatch}
              {isNothingHere && (
                <Button look="primary" className="mx-auto mt-4 flex" onClick={() => setCreating(true)}>
                  {en.list.begin}
                </Button>
              )}
            </li>
          )}
        </ul>
        {found && <FilterBar filters={narrowing} onChange={setNarrowing} />}
        {found && <FoundMessageList found={found} query={query} />}
      </div>
      {isCreating && <NewConversation onOpenChange={setCreating} />}
    </nav>
  );
}
