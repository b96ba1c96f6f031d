import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';

const WaitingChanges = later(async () => (await import('./waiting-changes.tsx')).WaitingChanges);

/** One thin line, only while not live: how we stand with the server, and how much waits. */
export function ConnectionStrip() {
  const client = useChatClient();
  const state = useStore(client.connection);
  const outbox = useLiveQuery(() => client.outboxCounts(), ['outbox'], []);
  const { waiting, refused, strange } = outbox ?? { waiting: 0, refused: 0, strange: 0 };
  const [showsWaiting, setShowsWaiting] = useState(false);
  const [now, setNow] = useState(Date.now());
  const [isLate, setLate] = useState(false);

  useEffect(() => {
    if (state.kind !== 'waiting') return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [state.kind]);
  // A connection that takes a moment is nothing to speak of.
  const isLive = state.kind === 'live';
  useEffect(() => {
    setLate(false);
    if (isLive) return;
    const timer = setTimeout(() => setLate(true), 1_200);
    return () => clearTimeout(timer);
  }, [isLive]);

  const isQuiet = isLive || (!isLate && state.kind !== 'signed-out');
  if (isQuiet && refused + strange === 0 && !showsWaiting) return null;
  const seconds = state.kind === 'waiting' ? Math.max(1, Math.ceil((state.until - now) / 1000)) : 0;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-center gap-x-2 bg-star-wash px-3 py-1 text-center text-[0.8125rem]"
    >
      {state.kind === 'offline' && <span>{en.connection.offline}</span>}
      {!isQuiet && state.kind === 'connecting' && <span>{en.connection.connecting}</span>}
      {state.kind === 'signed-out' && (
        <>
          <span>{en.connection.signedOut}</span>
          <a href="/sign-in" className="font-semibold underline">
            {en.connection.signIn}
          </a>
        </>
      )}
      {state.kind === 'waiting' && (
        <>
          <span className="tabular">{en.connection.reconnecting(seconds)}</span>
          <button
            type="button"
            className="min-h-7 font-semibold underline"
            onClick={() => client.reconnectNow()}
          >
            {en.connection.tryNow}
          </button>
        </>
      )}
      {!isQuiet && waiting > 0 && (
        <button type="button" className="min-h-7 underline" onClick={() => setShowsWaiting(true)}>
          {en.connection.willBeSent(waiting)}
        </button>
      )}
      {refused > 0 && (
        <button
          type="button"
          className="min-h-7 font-semibold text-danger underline"
          onClick={() => setShowsWaiting(true)}
        >
          {en.connection.refused(refused)}
        </button>
      )}
      {strange > 0 && (
        <button type="button" className="min-h-7 underline" onClick={() => setShowsWaiting(true)}>
          {en.connection.strange(strange)}
        </button>
      )}
      {showsWaiting && <WaitingChanges onOpenChange={setShowsWaiting} />}
    </div>
  );
}
