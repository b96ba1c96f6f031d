import { Outlet, useMatches, useNavigate, useParams, useSearchParams } from '@remix-run/react';
import { useEffect } from 'react';
import { SessionId } from '../../protocol/ids.ts';
import { ConversationList } from '../inbox/conversation-list.tsx';
import { Keyboard } from '../keyboard/keyboard.tsx';
import { en } from '../messages/en.ts';
import { fetchLaterParts, later } from '../parts/later.tsx';
import { fetchUntilHere, makePart } from '../parts/part.ts';
import { keepShared } from '../sign-in/shared-meanwhile.ts';
import type { ChatClient } from '../sync/chat-client.ts';
import { ChatClientProvider } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/star.tsx';
import { setBusyCheck, takeOffer } from './app-update.ts';
import { readLastConversation, rememberConversation } from './last-conversation.ts';
import { StorageNotice } from './storage-notice.tsx';
import { UpdateOffer } from './update-offer.tsx';
import { useClient } from './use-client.ts';

const besideTheScreen = makePart(() => import('./beside-the-screen.ts'));
const InstallHint = later(async () => (await import('./install-hint.tsx')).InstallHint);
const Toaster = later(async () => (await import('../ui/toaster.tsx')).Toaster);

/** The routes that stand beside the list, where a phone shows one or the other. */
const INNER = ['routes/chat.settings', 'routes/chat.share', 'routes/chat.starred', 'routes/chat.reports'];

/** List and conversation side by side where there is room, one at a time on a phone. */
export function ChatShell() {
  const state = useClient();
  const client = state.kind === 'ready' ? state.client : null;
  const { sessionId } = useParams();
  const isInner = useMatches().some((match) => INNER.includes(match.id)) || sessionId !== undefined;
  useResume(client);

  useEffect(() => {
    if (state.kind !== 'signed-out') return;
    keepShared(window.location);
    window.location.replace('/');
  }, [state.kind]);

  useEffect(() => {
    if (!client) return;
    setBusyCheck(() => client.outbox.isSending);
    let end = () => {};
    const offs = [
      fetchUntilHere(besideTheScreen, ({ workBesideTheScreen }) => {
        end = workBesideTheScreen(client);
      }),
      fetchLaterParts(),
      () => end(),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client]);

  if (state.kind !== 'ready') {
    return (
      <main className="grid min-h-dvh place-content-center justify-items-center gap-4 p-6 text-center text-soft">
        <Mark className="h-14 w-14" />
        <p className="max-w-md">{sentences[state.kind]}</p>
        {state.kind === 'outdated' && (
          <Button look="primary" onClick={takeOffer}>
            {en.update.take}
          </Button>
        )}
      </main>
    );
  }
  return (
    <ChatClientProvider client={state.client}>
      {/* What stands above takes its room from what is below: the composer stays on the screen. */}
      <div className="flex h-dvh flex-col">
        <StorageNotice otherwise={<UpdateOffer />} />
        <main className="grid min-h-0 flex-1 grid-cols-1 wide:grid-cols-[320px_minmax(0,1fr)]">
          <div className={`min-h-0 flex-col ${isInner ? 'hidden wide:flex' : 'flex'}`}>
            <div className="min-h-0 flex-1">
              <ConversationList />
            </div>
            <InstallHint />
          </div>
          <div className={`min-h-0 min-w-0 ${isInner ? '' : 'hidden wide:block'}`}>
            <Outlet />
          </div>
        </main>
      </div>
      <Keyboard />
      {/* Below the header, which stays in reach; one sentence at a time (see notice-queue.ts). */}
      <Toaster
        dismissLabel={en.dismiss}
        position="top-center"
        offset={{ top: 76 }}
        mobileOffset={{ top: 76 }}
        visibleToasts={1}
      />
    </ChatClientProvider>
  );
}

const sentences = {
  starting: en.connection.connecting,
  'signed-out': en.connection.connecting,
  unreachable: en.connection.unreachable,
  left: en.signIn.left,
  blocked: en.storage.blocked,
  'no-storage': en.storage.none,
  outdated: en.storage.older,
  full: en.storage.full,
} as const;

/** The installed app opens where it was left, with the list behind it. */
function useResume(client: ChatClient | null): void {
  const navigate = useNavigate();
  const { sessionId } = useParams();
  const [params] = useSearchParams();
  const isResuming = params.has('resume');

  useEffect(() => {
    const open = SessionId.safeParse(sessionId);
    if (!open.success || !client) return;
    // An address that leads to nothing is no place to come back to.
    client.db.getSession(open.data).then(
      (row) => row && rememberConversation(open.data),
      () => {},
    );
  }, [sessionId, client]);

  useEffect(() => {
    if (!isResuming) return;
    navigate('/chat', { replace: true });
    const last = readLastConversation();
    if (last) navigate(`/chat/${last}`);
  }, [isResuming, navigate]);
}
