import { useSearchParams } from '@remix-run/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { branchShown } from '../../protocol/forks.ts';
import { MessageId, type SessionId } from '../../protocol/ids.ts';
import { DropZone } from '../attachments/drop-zone.tsx';
import { ConnectionStrip } from '../inbox/connection-strip.tsx';
import { faceOf } from '../inbox/describe-session.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery, useStore } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Star } from '../ui/star.tsx';
import { Composer, type Intent } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import type { MessageActions } from './message-actions.ts';
import { MessageList, type MessageListHandle } from './message-list.tsx';
import type { OpenSheet } from './message-sheets.tsx';
import { shownMessages } from './shown-messages.ts';
import { SidePlace } from './side-place.tsx';
import { threadsBelow } from './threads-below.ts';
import { TypingLine } from './typing-line.tsx';
import { useMessageWindow } from './use-message-window.ts';
import { useModelLabel } from './use-model-label.ts';
import { useReading } from './use-reading.ts';
import { useSoughtMessage } from './use-sought-message.ts';
import { useUnstored } from './use-unstored.ts';

const Details = later(async () => (await import('./details.tsx')).Details, { Place: SidePlace });
const MissingConversation = later(
  async () => (await import('./missing-conversation.tsx')).MissingConversation,
);
const PinnedBar = later(async () => (await import('./pinned-bar.tsx')).PinnedBar);
const Suggestions = later(async () => (await import('./suggestions.tsx')).Suggestions);
const MessageSheets = later(async () => (await import('./message-sheets.tsx')).MessageSheets);
const ThreadPanel = later(async () => (await import('./thread-panel.tsx')).ThreadPanel, { Place: SidePlace });

const OLDER_AGAIN_MS = 3_000;

export function Conversation({ sessionId }: { sessionId: SessionId }) {
  const client = useChatClient();
  const me = useStore(client.me);
  const connection = useStore(client.connection);
  const session = useLiveQuery(
    async () => ({ row: await client.db.getSession(sessionId) }),
    ['sessions'],
    [sessionId],
  );
  const view = useMessageWindow(sessionId);
  const { messages } = view;
  const [intent, setIntent] = useState<Intent>({ kind: 'write' });
  const [showsDetails, setShowsDetails] = useState(false);
  const list = useRef<MessageListHandle>(null);
  const isLoading = useRef(false);
  const dropped = useRef<((files: Iterable<File>) => void) | null>(null);
  const takeFiles = useCallback((add: (files: Iterable<File>) => void) => {
    dropped.current = add;
  }, []);
  const modelLabel = useModelLabel();
  const [sheet, setSheet] = useState<OpenSheet | null>(null);
  const [params, setParams] = useSearchParams();
  const threadId = MessageId.safeParse(params.get('thread')).data ?? null;
  const row = session?.row ?? null;
  const unstored = useUnstored(me.id, view.isAtTail ? messages : undefined);
  const loaded = useMemo(
    () => (view.isAtTail ? [...(messages ?? []), ...unstored.rows] : (messages ?? [])),
    [messages, view.isAtTail, unstored.rows],
  );
  const { shown, forks } = useMemo(() => shownMessages(loaded, row?.forks ?? {}), [loaded, row?.forks]);
  const branch = branchShown(forks);
  const last = shown.at(-1) ?? null;

  const { newFrom, markRead } = useReading({ sessionId, row, isLoaded: messages !== undefined, list });

  const hasOlder = row?.hasOlder ?? false;
  const loadOlder = useCallback(async () => {
    if (isLoading.current) return;
    isLoading.current = true;
    try {
      // First what is here already, then what the server has.
      if (!(await view.showEarlier()) && hasOlder) {
        await client.older.load(sessionId);
        await view.showEarlier();
      }
    } catch {
      // Whoever stands at the top can scroll no further to ask again.
      setTimeout(() => list.current?.lookAtStart(), OLDER_AGAIN_MS);
    } finally {
      isLoading.current = false;
    }
  }, [client, sessionId, hasOlder, view]);

  const nameOf = useCallback((message: MessageRow) => (row ? nameIn(row, message.userId) : ''), [row]);

  const marks = useLiveQuery(
    () => client.db.marked.threadMarks(sessionId),
    [`messages:${sessionId}`],
    [sessionId],
  );
  const threads = useMemo(
    () => threadsBelow(messages ?? [], marks ?? new Map(), me.id),
    [messages, marks, me.id],
  );

  const closeThread = useCallback(() => setParams({}, { replace: true }), [setParams]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      if (threadId !== null) closeThread();
      else setShowsDetails(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [threadId, closeThread]);

  // Opened and connected: is everything here?
  const isLive = connection.kind === 'live';
  useEffect(() => {
    if (isLive) void client.verify(sessionId).catch(() => {});
  }, [client, sessionId, isLive]);

  const target = MessageId.safeParse(params.get('m')).data ?? null;
  const seek = useSoughtMessage({ sessionId, target, view, forks, list });

  const actions: MessageActions = useMemo(
    () => ({
      reply: (message) =>
        setIntent({
          kind: 'reply',
          to: message,
          name: message.userId === me.id ? en.message.you : nameOf(message),
        }),
      edit: (message) => setIntent({ kind: 'edit', message }),
      jumpTo: (id) => {
        if (!list.current?.toMessage(id)) void seek(id);
      },
      show: (kind, message) => setSheet({ kind, message }),
      openThread: (id) => {
        setShowsDetails(false);
        setParams({ thread: id });
      },
    }),
    [me.id, nameOf, seek, setParams],
  );
  if (session && !row) return <MissingConversation sessionId={sessionId} />;
  if (!row || !messages) return <div className="h-full" />;
  const face = faceOf(row, me.id);
  const hasAgent = row.members.some((member) => member.role === 'agent');
  const isAlone =
    row.isGroupChat && !row.members.some(({ role, userId }) => role !== 'agent' && userId !== me.id);

  const columns = threadId
    ? 'wide:grid-cols-[minmax(0,1fr)_360px]'
    : showsDetails
      ? 'wide:grid-cols-[minmax(0,1fr)_300px]'
      : '';

  function editLast() {
    const own = shown.findLast(
      (message) => message.userId === me.id && !message.deletedAt && !message.forwarded,
    );
    if (own) setIntent({ kind: 'edit', message: own });
  }

  return (
    <div className={`grid h-full grid-rows-[minmax(0,1fr)] ${columns}`}>
      <DropZone
        label={face.title}
        className={`min-h-0 min-w-0 flex-col ${showsDetails || threadId ? 'hidden wide:flex' : 'flex'}`}
        onFiles={(files) => dropped.current?.(files)}
      >
        <ConversationHeader
          session={row}
          me={me}
          onDetails={() => {
            setParams({}, { replace: true });
            setShowsDetails(!showsDetails || threadId !== null);
          }}
        />
        <div className="wide:hidden">
          <ConnectionStrip />
        </div>
        <PinnedBar session={row} onJump={actions.jumpTo} />
        {loaded.length === 0 ? (
          <div className="grid min-h-0 flex-1 place-content-center justify-items-center gap-3 p-6 text-center text-soft">
            {hasAgent && <Star className="h-12 w-12 text-star" />}
            <p className="text-balance">
              {face.isAgent
                ? en.conversation.emptyAgent
                : isAlone
                  ? en.conversation.emptyAlone
                  : en.conversation.emptyPeople}
            </p>
            {isAlone && !row.left && (
              <Button onClick={() => setShowsDetails(true)}>{en.conversation.invitePeople}</Button>
            )}
            {hasAgent && !face.isAgent && <p className="text-sm">{en.conversation.mentionHint}</p>}
          </div>
        ) : (
          <MessageList
            handle={list}
            messages={shown}
            loaded={loaded.length}
            forks={forks}
            session={row}
            me={me}
            newFrom={newFrom}
            modelLabel={modelLabel}
            actions={actions}
            isAtTail={view.isAtTail}
            threads={threads}
            onNearStart={() => void loadOlder()}
            onNearEnd={() => void view.showLater()}
            onToTail={view.showTail}
            onAtEnd={() => {
              markRead();
              view.trim();
            }}
          />
        )}
        {hasOlder && connection.kind !== 'live' && view.isAtStart && (
          <p className="px-4 text-center text-xs text-faint">{en.conversation.olderOffline}</p>
        )}
        <TypingLine session={row} />
        {face.isAgent && !row.left && <Suggestions session={row} last={last} branch={branch} />}
        {row.left ? (
          <p className="border-t border-line p-4 text-center text-sm text-soft">{en.conversation.left}</p>
        ) : (
          <Composer
            sessionId={sessionId}
            name={face.isAgent ? 'Agent Jay' : face.title}
            branch={branch}
            isAlone={face.isAgent}
            intent={intent}
            members={row.members}
            onIntent={setIntent}
            onStoring={unstored.show}
            onSent={() => list.current?.toEnd()}
            onEditLast={editLast}
            takeFiles={takeFiles}
            quickActions={face.isAgent}
          />
        )}
      </DropZone>
      <MessageSheets sheet={sheet} session={row} me={me} actions={actions} onClose={() => setSheet(null)} />
      {threadId && (
        <ThreadPanel
          key={threadId}
          rootId={threadId}
          session={row}
          me={me}
          actions={actions}
          onClose={closeThread}
        />
      )}
      {showsDetails && !threadId && (
        <Details session={row} me={me} modelLabel={modelLabel} onClose={() => setShowsDetails(false)} />
      )}
    </div>
  );
}
