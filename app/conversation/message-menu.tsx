import { MoreHorizontal, SmilePlus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { actionsOn, type MessageActions, QUICK_EMOJI } from './message-actions.ts';

/** Everything that can be done with a message, beside it. */
export function MessageMenu({
  message,
  session,
  me,
  actions,
  className = '',
}: {
  message: MessageRow;
  session: ChatSession;
  me: Me;
  actions: MessageActions;
  className?: string;
}) {
  const client = useChatClient();
  const item =
    'flex min-h-11 w-full cursor-pointer items-center gap-3 rounded-lg px-3 text-start outline-none data-[highlighted]:bg-ink/7 wide:min-h-9 [&>svg]:h-4 [&>svg]:w-4';
  const quick =
    'grid h-11 w-11 cursor-pointer place-items-center rounded-lg text-xl outline-none data-[highlighted]:bg-ink/7 wide:h-9 wide:w-9';
  const react = (emoji: string) =>
    void client.outbox.enqueue('message.react', {
      messageId: message.id,
      emoji,
      on: !message.reactions[emoji]?.includes(me.id),
    });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton
          label={en.message.more}
          className={`self-center opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-60 ${className}`}
        >
          <MoreHorizontal />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={message.userId === me.id ? 'end' : 'start'}
          collisionPadding={8}
          className="z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-56 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-soft"
        >
          {!message.local && !message.deletedAt && (
            <DropdownMenu.Group
              className="mb-1 flex justify-between gap-0.5 border-b border-line pb-1"
              aria-label={en.message.react}
            >
              {QUICK_EMOJI.map((emoji) => (
                <DropdownMenu.Item
                  key={emoji}
                  aria-label={`${en.message.react} ${emoji}`}
                  className={quick}
                  onSelect={() => react(emoji)}
                >
                  {emoji}
                </DropdownMenu.Item>
              ))}
              <DropdownMenu.Item
                aria-label={en.message.moreEmoji}
                className={quick}
                onSelect={() => actions.show('emoji', message)}
              >
                <SmilePlus className="h-5 w-5" />
              </DropdownMenu.Item>
            </DropdownMenu.Group>
          )}
          {actionsOn(message, { session, me, client, actions }).map(({ label, Icon, isDanger, run }) => (
            <DropdownMenu.Item
              key={label}
              className={`${item} ${isDanger ? 'text-danger' : ''}`}
              onSelect={run}
            >
              <Icon /> {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
