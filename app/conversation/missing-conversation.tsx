import { useEffect } from 'react';
import type { SessionId } from '../../protocol/ids.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { WayBack } from './way-back.tsx';

/** Whoever has just joined hears of it by an event; nobody is asked meanwhile. */
const LOOK_AFTER_MS = 2_000;

/** In place of a conversation that is not on this device. Where the server knows it all the same, it is fetched. */
export function MissingConversation({ sessionId }: { sessionId: SessionId }) {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  useEffect(() => {
    if (!isLive) return;
    // Without an answer it is asked when the connection is back.
    const timer = setTimeout(() => void client.lookFor(sessionId).catch(() => {}), LOOK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [client, sessionId, isLive]);
  return (
    <section className="grid h-full place-content-center justify-items-center gap-4 p-6 text-center text-soft">
      <p className="max-w-md">{en.conversation.missing}</p>
      <WayBack />
    </section>
  );
}
