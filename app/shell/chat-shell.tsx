import { Outlet, useMatches, useParams } from '@remix-run/react';
import { useEffect } from 'react';
import { Toaster } from 'sonner';
import { ConversationList } from '../inbox/conversation-list.tsx';
import { en } from '../messages/en.ts';
import { ChatClientProvider } from '../sync/react.tsx';
import { Mark } from '../ui/star.tsx';
import { useClient } from './use-client.ts';

/** List and conversation side by side where there is room, one at a time on a phone. */
export function ChatShell() {
  const state = useClient();
  const { sessionId } = useParams();
  const isInner =
    useMatches().some((match) => match.id === 'routes/chat.settings') || sessionId !== undefined;

  useEffect(() => {
    if (state.kind === 'signed-out') window.location.replace('/');
  }, [state.kind]);

  if (state.kind !== 'ready') {
    return (
      <main className="grid min-h-dvh place-content-center justify-items-center gap-4 p-6 text-center text-soft">
        <Mark className="h-14 w-14" />
        <p>{state.kind === 'unreachable' ? en.signIn.failed : en.connection.connecting}</p>
      </main>
    );
  }
  return (
    <ChatClientProvider client={state.client}>
      <main className="grid h-dvh grid-cols-1 wide:grid-cols-[320px_minmax(0,1fr)]">
        <div className={`min-h-0 ${isInner ? 'hidden wide:block' : ''}`}>
          <ConversationList />
        </div>
        <div className={`min-h-0 min-w-0 ${isInner ? '' : 'hidden wide:block'}`}>
          <Outlet />
        </div>
      </main>
      <Toaster position="bottom-center" />
    </ChatClientProvider>
  );
}
