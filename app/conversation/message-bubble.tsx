import { Forward, Pin, Star } from 'lucide-react';
import type { Fork } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { Me } from '../../protocol/shapes.ts';
import { MessageAttachments } from '../attachments/message-attachments.tsx';
import { OrPlain } from '../formatted/or-plain.tsx';
import { PersonText } from '../formatted/person-text.tsx';
import { clockTime } from '../inbox/when.ts';
import { isBeingStored } from '../local-db/new-rows.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { nameIn, needsNames } from '../people/name-in.ts';
import { Portrait } from '../people/portrait.tsx';
import type { MessageActions } from './message-actions.ts';
import { MessageMenu } from './message-menu.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { SpokenTo } from './spoken-to.tsx';
import { StatusMark } from './status-mark.tsx';
import { UndoSend } from './undo-send.tsx';
import { VersionPager } from './version-pager.tsx';

export type { MessageActions } from './message-actions.ts';

const NotSent = later(async () => (await import('./not-sent.tsx')).NotSent);

/** What was said about a message in its thread. */
export interface ThreadBelow {
  rootId: MessageId;
  replies: number;
  unread: number;
}

export function MessageBubble({
  message,
  fork = null,
  session,
  me,
  startsGroup,
  endsGroup,
  actions,
  thread = null,
  isLast = false,
  isInThread = false,
}: {
  message: MessageRow;
  fork?: Fork | null;
  session: StoredSession;
  me: Me;
  startsGroup: boolean;
  endsGroup: boolean;
  actions: MessageActions;
  thread?: ThreadBelow | null;
  /** The newest message of the conversation. */
  isLast?: boolean;
  isInThread?: boolean;
}) {
  const isMine = message.userId === me.id;
  const author = nameIn(session, message.userId);
  const picture = session.members.find((member) => member.userId === message.userId)?.picture;
  const showsAuthor = !isMine && needsNames(session);
  const isFailed = message.local?.state === 'failed';
  // A clock says that it will be sent, come what may: nothing is said, nor undone, before it is stored.
  const isOnItsWay = isMine && !isFailed && !isBeingStored(message);
  const shape = isMine
    ? `bubble-mine bg-indigo text-indigo-ink rounded-ee-md ${startsGroup ? '' : 'rounded-se-md'}`
    : `bg-surface border border-line rounded-es-md ${startsGroup ? '' : 'rounded-ss-md'}`;

  return (
    <div
      className={`group flex gap-2 ${isMine ? 'flex-row-reverse' : ''} ${startsGroup ? 'pt-2' : 'pt-0.5'}`}
    >
      {showsAuthor && (
        <span className="w-8 flex-none self-end">
          {endsGroup && <Portrait name={author} colourKey={message.userId} picture={picture} size={32} />}
        </span>
      )}
      <div className={`flex min-w-0 flex-1 flex-col ${isMine ? 'items-end' : 'items-start'}`}>
        {showsAuthor && startsGroup && (
          <span className="ms-3 text-[0.8125rem] font-medium text-soft">{author}</span>
        )}
        <div className={`flex w-full items-center gap-2 ${isMine ? 'flex-row-reverse' : ''}`}>
          <div className={`max-w-[84%] min-w-0 rounded-bubble px-3.5 py-2 wide:max-w-[78%] ${shape}`}>
            {message.forwarded && !message.deletedAt && (
              <span className="flex items-center gap-1 text-xs opacity-80">
                <Forward className="h-3.5 w-3.5" aria-hidden="true" /> {en.message.isForwarded}
              </span>
            )}
            {message.parentId && !isInThread && (
              <OrPlain text="">
                <Quote id={message.parentId} session={session} me={me} onJump={actions.jumpTo} />
              </OrPlain>
            )}
            {message.deletedAt ? (
              <em className="opacity-80">{en.message.deleted}</em>
            ) : me.blocked.some((person) => person.userId === message.userId) ? (
              <details>
                <summary className="cursor-pointer text-soft italic">{en.people.fromBlocked}</summary>
                <Said message={message} session={session} me={me} />
              </details>
            ) : (
              <Said message={message} session={session} me={me} />
            )}
          </div>
          {!message.deletedAt && !isFailed && (
            <MessageMenu message={message} session={session} me={me} actions={actions} />
          )}
        </div>
        <Reactions
          message={message}
          session={session}
          me={me}
          onMore={() => actions.show('emoji', message)}
        />
        {thread && <ThreadLink thread={thread} onOpen={actions.openThread} />}
        {fork && (
          <span className="text-xs text-faint">
            <VersionPager fork={fork} id={message.id} />
          </span>
        )}
        {endsGroup && (
          <span className="mx-1.5 mt-0.5 mb-1 flex items-center gap-1.5 text-xs text-faint">
            {message.pinnedAt && <Pin role="img" aria-label={en.message.isPinned} className="h-3.5 w-3.5" />}
            {message.starredAt && (
              <Star
                role="img"
                aria-label={en.message.isStarred}
                className="h-3.5 w-3.5 fill-star text-star"
              />
            )}
            {message.editedAt && !message.deletedAt && (
              <button type="button" className="underline" onClick={() => actions.show('history', message)}>
                {en.message.edited}
              </button>
            )}
            {!isFailed && <time dateTime={message.createdAt}>{clockTime(message.createdAt)}</time>}
            {isOnItsWay && (
              <button type="button" title={en.message.howFar} onClick={() => actions.show('info', message)}>
                <StatusMark message={message} members={session.members} />
              </button>
            )}
            {isOnItsWay && isLast && <UndoSend message={message} session={session} />}
          </span>
        )}
        {isFailed && <NotSent message={message} onEdit={() => actions.edit(message)} />}
      </div>
    </div>
  );
}

/** Files and words. */
function Said({ message, session, me }: { message: MessageRow; session: StoredSession; me: Me }) {
  return (
    <>
      {message.attachments.length > 0 && <MessageAttachments message={message} />}
      {message.content !== '' && (
        <PersonText
          text={message.content}
          words={(text) => <SpokenTo content={text} session={session} me={me} />}
        />
      )}
    </>
  );
}

function ThreadLink({ thread, onOpen }: { thread: ThreadBelow; onOpen(id: MessageId): void }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(thread.rootId)}
      className="mx-1.5 mb-0.5 flex min-h-7 items-center gap-1.5 text-[0.8125rem] font-semibold text-indigo-text"
    >
      {en.thread.replies(thread.replies)}
      {thread.unread > 0 && (
        <span className="tabular rounded-full bg-indigo px-1.5 text-xs text-indigo-ink">
          {en.thread.new(thread.unread)}
        </span>
      )}
    </button>
  );
}
