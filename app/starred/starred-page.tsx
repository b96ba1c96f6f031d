import { Link, useNavigate } from '@remix-run/react';
import { ArrowLeft, Star } from 'lucide-react';
import { useMerged } from '../conversation/use-merged.ts';
import { OrPlain } from '../formatted/or-plain.tsx';
import { faceOf } from '../inbox/describe-session.ts';
import { shortWhen } from '../inbox/when.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';

/** What I have starred, in all conversations: this device's at once, the server's beside it. */
export function StarredPage() {
  const client = useChatClient();
  const me = useStore(client.me);
  const navigate = useNavigate();
  const sessions = useLiveQuery(
    async () =>
      (await Promise.all([client.db.listSessions(), client.db.listSessions({ archived: true })])).flat(),
    ['sessions'],
    [],
  );
  const here = useLiveQuery(() => client.db.marked.starred(), ['sessions'], []);
  const asked = useMerged(
    () => client.trpc.message.starred.query({}).then((answer) => answer.messages),
    [here?.length],
  );
  const held = new Set<string>(here?.map((one) => one.id));
  const messages = [...(here ?? []), ...asked.filter((one) => !held.has(one.id))].sort((a, b) =>
    (a.starredAt ?? '') < (b.starredAt ?? '') ? 1 : -1,
  );
  const of = new Map<string, NonNullable<typeof sessions>[number]>(sessions?.map((row) => [row.id, row]));
  return (
    <section aria-label={en.starred.title} className="flex h-full flex-col">
      <header className="flex items-center gap-2 border-b border-line px-2 py-2 pt-[max(8px,env(safe-area-inset-top))] wide:px-4">
        <IconButton label={en.back} className="wide:hidden" onClick={() => navigate('/chat')}>
          <ArrowLeft className="rtl:-scale-x-100" />
        </IconButton>
        <h1 className="min-h-10 content-center font-semibold">{en.starred.title}</h1>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-3">
        {here && messages.length === 0 && (
          <p className="p-8 text-center text-soft">
            <Star className="mx-auto mb-2 h-8 w-8 text-faint" aria-hidden="true" />
            {en.starred.empty}
          </p>
        )}
        <ul className="mx-auto grid max-w-[760px] grid-cols-[minmax(0,1fr)] gap-2">
          {messages.map((message) => {
            const row = of.get(message.sessionId);
            const author = row && (message.userId === me.id ? en.message.you : nameIn(row, message.userId));
            return (
              <li
                key={message.id}
                className="flex items-start gap-1 rounded-2xl border border-line bg-surface p-1"
              >
                <OrPlain text={message.content}>
                  <Link
                    to={`/chat/${message.sessionId}?m=${message.id}`}
                    className="block min-w-0 flex-1 rounded-xl p-2 hover:bg-ink/5"
                  >
                    <span className="flex justify-between gap-2 text-xs text-faint">
                      <span className="truncate">
                        {[author, row && faceOf(row, me.id).title].filter(Boolean).join(' · ')}
                      </span>
                      <time dateTime={message.createdAt} className="flex-none">
                        {shortWhen(message.createdAt)}
                      </time>
                    </span>
                    <span className="line-clamp-4 whitespace-pre-wrap">{message.content}</span>
                  </Link>
                </OrPlain>
                <IconButton
                  label={en.message.unstar}
                  onClick={() =>
                    void client.outbox.enqueue('message.star', { messageId: message.id, on: false })
                  }
                >
                  <Star className="fill-star text-star" />
                </IconButton>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
