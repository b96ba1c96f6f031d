import { MoreHorizontal, Pencil, Reply, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import { MessageAttachments } from '../attachments/message-attachments.tsx';
import { clockTime } from '../inbox/when.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { StatusMark } from './status-mark.tsx';

const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '🙏', '👀'] as const;

export interface MessageActions {
  reply(message: MessageRow): void;
  edit(message: MessageRow): void;
  jumpTo(id: MessageRow['id']): void;
}

export function MessageBubble({
  message,
  session,
  me,
  startsGroup,
  endsGroup,
  actions,
}: {
  message: MessageRow;
  session: ChatSession;
  me: Me;
  startsGroup: boolean;
  endsGroup: boolean;
  actions: MessageActions;
}) {
  const isMine = message.userId === me.id;
  const author = session.members.find((member) => member.userId === message.userId);
  const people = session.members.filter((member) => member.role !== 'agent');
  const showsAuthor = !isMine && (session.isGroupChat || people.length > 2);
  const isFailed = message.local?.state === 'failed';
  const shape = isMine
    ? `bg-indigo text-indigo-ink rounded-ee-md ${startsGroup ? '' : 'rounded-se-md'}`
    : `bg-surface border border-line rounded-es-md ${startsGroup ? '' : 'rounded-ss-md'}`;

  return (
    <div
      className={`group flex gap-2 ${isMine ? 'flex-row-reverse' : ''} ${startsGroup ? 'pt-2' : 'pt-0.5'}`}
    >
      {showsAuthor && (
        <span className="w-8 flex-none self-end">
          {endsGroup && <Avatar name={author?.name ?? '?'} colourKey={message.userId} size={32} />}
        </span>
      )}
      <div
        className={`flex max-w-[84%] min-w-0 flex-col wide:max-w-[78%] ${isMine ? 'items-end' : 'items-start'}`}
      >
        {showsAuthor && startsGroup && (
          <span className="ms-3 text-[13px] font-medium text-soft">{author?.name}</span>
        )}
        <div className={`max-w-full rounded-bubble px-3.5 py-2 ${shape}`}>
          {message.parentId && (
            <Quote id={message.parentId} session={session} me={me} onJump={actions.jumpTo} />
          )}
          {message.deletedAt ? (
            <em className="opacity-80">{en.message.deleted}</em>
          ) : (
            <>
              {message.attachments.length > 0 && <MessageAttachments message={message} />}
              {message.content !== '' && (
                <span className="whitespace-pre-wrap" dir="auto">
                  {message.content}
                </span>
              )}
            </>
          )}
        </div>
        <Reactions message={message} me={me} />
        {endsGroup && (
          <span className="mx-1.5 mt-0.5 mb-1 flex items-center gap-1.5 text-xs text-faint">
            {message.editedAt && !message.deletedAt && <span>{en.message.edited}</span>}
            {!isFailed && <time dateTime={message.createdAt}>{clockTime(message.createdAt)}</time>}
            {isMine && !isFailed && <StatusMark message={message} members={session.members} />}
          </span>
        )}
        {isFailed && <NotSent message={message} onEdit={() => actions.edit(message)} />}
      </div>
      {!message.deletedAt && !isFailed && <Menu message={message} isMine={isMine} actions={actions} />}
    </div>
  );
}

/** Red and plain: what went wrong, and the three ways out. */
function NotSent({ message, onEdit }: { message: MessageRow; onEdit(): void }) {
  const { outbox } = useChatClient();
  const { local } = message;
  if (!local) return null;
  const link = 'min-h-8 font-semibold underline';
  return (
    <div role="alert" className="mx-1.5 mb-1 text-xs text-danger">
      <span title={local.error?.message}>{en.message.notSent}</span>
      {local.error && <span>: {local.error.message}</span>}
      <span className="flex flex-wrap gap-3">
        <button type="button" className={link} onClick={() => void outbox.retry(local.mutationId)}>
          {en.message.retry}
        </button>
        <button type="button" className={link} onClick={onEdit}>
          {en.message.edit}
        </button>
        <button type="button" className={link} onClick={() => void outbox.discard(local.mutationId)}>
          {en.message.discard}
        </button>
      </span>
    </div>
  );
}

function Menu({
  message,
  isMine,
  actions,
}: {
  message: MessageRow;
  isMine: boolean;
  actions: MessageActions;
}) {
  const { outbox } = useChatClient();
  const item =
    'flex min-h-11 w-full cursor-pointer items-center gap-3 rounded-lg px-3 text-start outline-none data-[highlighted]:bg-ink/7 wide:min-h-9 [&>svg]:h-4 [&>svg]:w-4';
  const cancel = () => message.local && void outbox.discard(message.local.mutationId);
  const stored = (
    <>
      <DropdownMenu.Group
        className="mb-1 flex justify-between gap-0.5 border-b border-line pb-1"
        aria-label={en.message.react}
      >
        {QUICK_EMOJI.map((emoji) => (
          <DropdownMenu.Item
            key={emoji}
            aria-label={`${en.message.react} ${emoji}`}
            className="grid h-11 w-11 cursor-pointer place-items-center rounded-lg text-xl outline-none data-[highlighted]:bg-ink/7 wide:h-9 wide:w-9"
            onSelect={() => void outbox.enqueue('message.react', { messageId: message.id, emoji, on: true })}
          >
            {emoji}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Group>
      <DropdownMenu.Item className={item} onSelect={() => actions.reply(message)}>
        <Reply /> {en.message.reply}
      </DropdownMenu.Item>
      {isMine && (
        <>
          <DropdownMenu.Item className={item} onSelect={() => actions.edit(message)}>
            <Pencil /> {en.message.editAction}
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className={`${item} text-danger`}
            onSelect={() => void outbox.enqueue('message.delete', { messageId: message.id })}
          >
            <Trash2 /> {en.message.deleteAction}
          </DropdownMenu.Item>
        </>
      )}
    </>
  );
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton
          label={en.message.more}
          className="self-center opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-60"
        >
          <MoreHorizontal />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={isMine ? 'end' : 'start'}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-soft"
        >
          {message.local && (
            <>
              <DropdownMenu.Item className={item} onSelect={() => actions.edit(message)}>
                <Pencil /> {en.message.editAction}
              </DropdownMenu.Item>
              <DropdownMenu.Item className={`${item} text-danger`} onSelect={cancel}>
                <Trash2 /> {en.message.cancelQueued}
              </DropdownMenu.Item>
            </>
          )}
          {!message.local && stored}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
