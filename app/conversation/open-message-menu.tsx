import { SmilePlus } from 'lucide-react';
import { hasReacted } from '../../protocol/reactions.ts';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { MenuGroup, MenuItem, OpenMenu } from '../ui/open-menu.tsx';
import type { OpenedMenu } from '../ui/use-menu.ts';
import { actionsOn, type MessageActions, QUICK_EMOJI } from './message-actions.ts';

const ITEM =
  'flex min-h-11 w-full cursor-pointer items-center gap-3 rounded-lg px-3 text-start outline-none data-[highlighted]:bg-ink/7 wide:min-h-9 [&>svg]:h-4 [&>svg]:w-4';
const QUICK =
  'grid h-11 w-11 cursor-pointer place-items-center rounded-lg text-xl outline-none data-[highlighted]:bg-ink/7 wide:h-9 wide:w-9';

export function OpenMessageMenu({
  opened,
  message,
  session,
  me,
  actions,
}: {
  opened: OpenedMenu;
  message: MessageRow;
  session: ChatSession;
  me: Me;
  actions: MessageActions;
}) {
  const client = useChatClient();
  const react = (emoji: string) =>
    void client.outbox.enqueue('message.react', {
      messageId: message.id,
      emoji,
      on: !hasReacted(message.reactions, emoji, me.id),
    });
  return (
    <OpenMenu
      opened={opened}
      align={message.userId === me.id ? 'end' : 'start'}
      className="min-w-56 rounded-xl"
    >
      {!message.local && !message.deletedAt && (
        <MenuGroup
          className="mb-1 flex justify-between gap-0.5 border-b border-line pb-1"
          aria-label={en.message.react}
        >
          {QUICK_EMOJI.map((emoji) => (
            <MenuItem
              key={emoji}
              aria-label={`${en.message.react} ${emoji}`}
              className={QUICK}
              onSelect={() => react(emoji)}
            >
              {emoji}
            </MenuItem>
          ))}
          <MenuItem
            aria-label={en.message.moreEmoji}
            className={QUICK}
            onSelect={() => actions.show('emoji', message)}
          >
            <SmilePlus className="h-5 w-5" />
          </MenuItem>
        </MenuGroup>
      )}
      {actionsOn(message, { session, me, client, actions }).map(({ label, Icon, isDanger, run }) => (
        <MenuItem key={label} className={`${ITEM} ${isDanger ? 'text-danger' : ''}`} onSelect={run}>
          <Icon /> {label}
        </MenuItem>
      ))}
    </OpenMenu>
  );
}
