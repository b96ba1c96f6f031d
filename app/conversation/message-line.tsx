import type { ReactNode } from 'react';
import type { Fork } from '../../protocol/forks.ts';
import type { Me } from '../../protocol/shapes.ts';
import { OrPlain } from '../formatted/or-plain.tsx';
import { dayName } from '../inbox/when.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { Answer } from './answer.tsx';
import type { Line } from './group-messages.ts';
import type { MessageActions } from './message-actions.ts';
import { MessageBubble, type ThreadBelow } from './message-bubble.tsx';
import { MessageMenu } from './message-menu.tsx';
import { useMessageGestures } from './use-message-gestures.ts';

/** A message in the log, below what is said of where it stands. */
export function MessageLine({
  line,
  fork,
  session,
  me,
  modelLabel,
  actions,
  thread,
  isLast,
}: {
  line: Line;
  fork: Fork | null;
  session: StoredSession;
  me: Me;
  modelLabel: string | null;
  actions: MessageActions;
  thread: ThreadBelow | null;
  /** The newest of the conversation. */
  isLast: boolean;
}) {
  return (
    <>
      {line.startsDay && (
        <p className="py-3 text-center text-xs text-faint">
          <time dateTime={line.message.createdAt}>{dayName(line.message.createdAt)}</time>
        </p>
      )}
      {line.startsNew && (
        <p className="flex items-center gap-3 py-2 text-xs font-semibold text-indigo-text before:h-px before:flex-1 before:bg-indigo/40 after:h-px after:flex-1 after:bg-indigo/40">
          {en.conversation.newDivider}
        </p>
      )}
      <Touchable message={line.message} actions={actions}>
        <OrPlain text={line.message.content}>
          {line.message.turn ? (
            <Answer
              message={line.message}
              fork={fork}
              modelLabel={modelLabel}
              actions={actions}
              menu={
                <MessageMenu
                  message={line.message}
                  session={session}
                  me={me}
                  actions={actions}
                  className="opacity-100!"
                />
              }
            />
          ) : (
            <MessageBubble
              message={line.message}
              fork={fork}
              session={session}
              me={me}
              startsGroup={line.startsGroup}
              endsGroup={line.endsGroup}
              actions={actions}
              thread={thread}
              isLast={isLast}
            />
          )}
        </OrPlain>
      </Touchable>
    </>
  );
}

/** A line that a finger can swipe aside to reply, and hold for the rest. */
function Touchable({
  message,
  actions,
  children,
}: {
  message: MessageRow;
  actions: MessageActions;
  children: ReactNode;
}) {
  const canReply = message.local === null && message.deletedAt === null;
  const gestures = useMessageGestures({
    onReply: () => canReply && actions.reply(message),
    onHold: () => actions.show('actions', message),
  });
  return (
    <div
      {...gestures}
      className="group relative touch-pan-y pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none]"
    >
      {children}
    </div>
  );
}
