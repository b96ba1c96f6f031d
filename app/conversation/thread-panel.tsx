import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { branchShown } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { Me } from '../../protocol/shapes.ts';
import { OrPlain } from '../formatted/or-plain.tsx';
import { type MessageRow, QUEUED_SORT_KEY, type StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { Composer, type Intent } from './composer.tsx';
import { Markdown } from './markdown.tsx';
import type { MessageActions } from './message-actions.ts';
import { MessageBubble } from './message-bubble.tsx';
import { useMerged } from './use-merged.ts';
import { useUnstored } from './use-unstored.ts';

/** A message and everything that followed from it: beside the conversation, or in its place on a phone. */
export function ThreadPanel({
  rootId,
  session,
  me,
  actions,
  onClose,
}: {
  rootId: MessageId;
  session: StoredSession;
  me: Me;
  actions: MessageActions;
  onClose(): void;
}) {
  const client = useChatClient();
  const [intent, setIntent] = useState<Intent>({ kind: 'write' });
  const topics = [`messages:${session.id}`] as const;
  const root = useLiveQuery(() => client.db.getMessage(rootId), topics, [rootId]);
  const here = useLiveQuery(() => client.db.marked.thread(rootId), topics, [rootId]);
  const asked = useMerged(
    () =>
      client.trpc.message.thread
        .query({ messageId: rootId })
        .then((thread) => [thread.root, ...thread.replies]),
    [rootId],
  );
  const held = new Set<string>([rootId, ...(here?.map((one) => one.id) ?? [])]);
  const older = asked.filter((one) => !held.has(one.id) && !one.withdrawn).map(asRow);
  const first = root ?? asked.filter((one) => one.id === rootId).map(asRow)[0] ?? null;
  const unstored = useUnstored(me.id, here);
  const replies = [...older, ...(here ?? []), ...unstored.rows].sort((a, b) => a.sortKey - b.sortKey);
  const last = replies.filter((one) => one.local === null).at(-1)?.seq ?? 0;

  // Looked at, so read; for my other devices too.
  useEffect(() => {
    if (last === 0 || document.visibilityState !== 'visible') return;
    void client.db.marked.threadMarks(session.id).then((marks) => {
      if ((marks.get(rootId) ?? 0) < last)
        void client.outbox
          .enqueue('thread.read', { sessionId: session.id, messageId: rootId, readSeq: last })
          .catch(() => {});
    });
  }, [client, rootId, session.id, last]);

  const within: MessageActions = {
    ...actions,
    edit: (message) => setIntent({ kind: 'edit', message }),
    reply: (message) =>
      setIntent({
        kind: 'reply',
        to: message,
        name: message.userId === me.id ? en.message.you : nameIn(session, message.userId),
      }),
  };
  return (
    <aside
      aria-label={en.thread.title}
      className="flex min-h-0 flex-col border-s border-line bg-paper pt-[env(safe-area-inset-top)]"
    >
      <header className="flex min-h-[61px] items-center justify-between border-b border-line py-2 ps-4 pe-2 wide:min-h-[57px]">
        {/* On a phone it is the whole page, and this its heading. */}
        <h1 className="font-semibold">
          {en.thread.title} <span className="text-sm text-faint">{en.thread.replies(replies.length)}</span>
        </h1>
        <IconButton label={en.thread.close} onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div role="log" aria-label={en.thread.title} className="min-h-0 flex-1 overflow-y-auto px-3 py-3">
        {first && (
          <div className="mb-2 border-b border-line pb-2">
            <ThreadMessage message={first} session={session} me={me} actions={within} />
          </div>
        )}
        {replies.map((message) => (
          <ThreadMessage key={message.id} message={message} session={session} me={me} actions={within} />
        ))}
        {/* A new one for each reply that comes. */}
        <div key={replies.length} ref={bringIntoView} />
      </div>
      {!session.left && (
        <Composer
          sessionId={session.id}
          name={en.thread.composer}
          intent={intent}
          members={session.members}
          threadRoot={rootId}
          branch={branchShown(session.forks)}
          onIntent={setIntent}
          onStoring={unstored.show}
          onSent={() => {}}
          onEditLast={() => {
            const own = replies.findLast((one) => one.userId === me.id && !one.deletedAt);
            if (own) setIntent({ kind: 'edit', message: own });
          }}
        />
      )}
    </aside>
  );
}

function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'end' });
}

function ThreadMessage(props: {
  message: MessageRow;
  session: StoredSession;
  me: Me;
  actions: MessageActions;
}) {
  const { message } = props;
  if (message.turn)
    return (
      <div className="py-2">
        <b className="text-sm font-semibold">Agent Jay</b>
        <Markdown text={message.content} isWriting={message.turn.status === 'streaming'} />
      </div>
    );
  return (
    <OrPlain text={message.content}>
      <MessageBubble {...props} startsGroup endsGroup isInThread />
    </OrPlain>
  );
}

function asRow(message: Omit<MessageRow, 'sortKey' | 'local'>): MessageRow {
  return { ...message, sortKey: message.seq || QUEUED_SORT_KEY, local: null };
}
