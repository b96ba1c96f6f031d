import { useNavigate, useSearchParams } from '@remix-run/react';
import { newSessionId, type SessionId } from '../../protocol/ids.ts';
import { en } from '../messages/en.ts';
import { NotStored } from '../outbox/not-stored.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
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

  async function choose(sessionId: SessionId) {
    const draft = [await client.db.drafts.get({ sessionId }), text].filter(Boolean).join('\n');
    await client.saveDraft({ sessionId }, draft);
    navigate(`/chat/${sessionId}`, { replace: true });
  }

  async function ask() {
    const id = newSessionId();
    try {
      await client.outbox.enqueue('session.create', { id });
    } catch (error) {
      toast.error(error instanceof NotStored ? en.errors.notStored[error.reason] : en.errors.generic);
      return;
    }
    await choose(id);
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
                  onClick={() => void choose(row.id)}
                >
                  <ConversationRow row={row} me={me} />
                </button>
              </li>
            ))}
        </ul>
      )}
      {text !== '' && (
        <Button className="mt-4 w-full" onClick={() => void ask()}>
          {en.share.ask}
        </Button>
      )}
    </section>
  );
}
