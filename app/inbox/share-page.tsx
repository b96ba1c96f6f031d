import { useNavigate, useSearchParams } from '@remix-run/react';
import type { SessionRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { ConversationRow } from './conversation-row.tsx';

/** What another app shared with this one: the person says to whom, and it stands in that composer. */
export function SharePage() {
  const client = useChatClient();
  const me = useStore(client.me);
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const shared = ['title', 'text', 'url'].map((name) => params.get(name)?.trim()).filter(Boolean);
  const text = [...new Set(shared)].join('\n');
  const sessions = useLiveQuery(() => client.db.listSessions(), ['sessions'], []);

  async function choose(row: SessionRow) {
    const draft = [await client.db.drafts.get({ sessionId: row.id }), text].filter(Boolean).join('\n');
    await client.saveDraft({ sessionId: row.id }, draft);
    navigate(`/chat/${row.id}`, { replace: true });
  }

  return (
    <section aria-label={en.share.title} className="mx-auto h-full max-w-xl overflow-y-auto p-4">
      <h1 className="text-xl font-semibold">{en.share.title}</h1>
      <blockquote className="my-4 line-clamp-6 rounded-2xl border border-line bg-surface p-4 break-words whitespace-pre-wrap">
        {text || en.share.nothing}
      </blockquote>
      {text !== '' && (
        <ul>
          {sessions
            ?.filter((row) => !row.left)
            .map((row) => (
              <li key={row.id}>
                <button
                  type="button"
                  className="block w-full rounded-[14px] text-start hover:bg-ink/5"
                  onClick={() => void choose(row)}
                >
                  <ConversationRow row={row} me={me} />
                </button>
              </li>
            ))}
        </ul>
      )}
      {sessions?.length === 0 && <p className="text-soft">{en.list.empty}</p>}
    </section>
  );
}
