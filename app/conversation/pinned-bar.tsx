import { Pin } from 'lucide-react';
import { useState } from 'react';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useMerged } from './use-merged.ts';

/** What everyone should see first: the newest pin, and the others behind it. */
export function PinnedBar({
  session,
  onJump,
}: {
  session: StoredSession;
  onJump(id: MessageRow['id']): void;
}) {
  const client = useChatClient();
  const [isOpen, setOpen] = useState(false);
  const here = useLiveQuery(
    () => client.db.marked.pinned(session.id),
    [`messages:${session.id}`],
    [session.id],
  );
  const asked = useMerged(
    // Of what is all here nothing has to be asked.
    async () => {
      if (!session.hasOlder) return [];
      return (await client.trpc.message.pinned.query({ sessionId: session.id })).messages;
    },
    [session.id, session.hasOlder && here?.length],
  );
  const held = new Set<string>(here?.map((one) => one.id));
  const pinned = [...(here ?? []), ...asked.filter((one) => !held.has(one.id))];
  const [newest] = pinned;
  if (!newest) return null;
  return (
    <div className="flex items-center gap-2 border-b border-line bg-surface px-3 py-1 text-sm">
      <Pin className="h-4 w-4 flex-none text-indigo-text" aria-hidden="true" />
      <button
        type="button"
        className="min-h-9 min-w-0 flex-1 truncate text-start"
        onClick={() => onJump(newest.id)}
      >
        <span className="sr-only">{en.pinned.jump} </span>
        <b className="font-semibold">{nameIn(session, newest.userId)}</b> {newest.content}
      </button>
      {pinned.length > 1 && (
        <button
          type="button"
          className="tabular min-h-9 flex-none px-2 font-semibold text-indigo-text"
          onClick={() => setOpen(true)}
        >
          {en.pinned.all(pinned.length)}
        </button>
      )}
      <Dialog open={isOpen} onOpenChange={setOpen} title={en.pinned.title} closeLabel={en.close}>
        <ul className="grid gap-2">
          {pinned.map((message) => (
            <li key={message.id} className="flex items-start gap-2">
              <button
                type="button"
                className="min-w-0 flex-1 rounded-xl border border-line bg-surface p-3 text-start"
                onClick={() => {
                  setOpen(false);
                  onJump(message.id);
                }}
              >
                <b className="block text-sm font-semibold">{nameIn(session, message.userId)}</b>
                <span className="line-clamp-3">{message.content}</span>
              </button>
              <button
                type="button"
                className="min-h-11 px-2 text-sm font-semibold text-soft"
                onClick={() =>
                  void client.outbox.enqueue('message.pin', { messageId: message.id, on: false })
                }
              >
                {en.message.unpin}
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
    </div>
  );
}
