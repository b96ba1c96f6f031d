import { SmilePlus } from 'lucide-react';
import { hasReacted } from '../../protocol/reactions.ts';
import type { ChatSession, Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { ActionList } from '../ui/action-list.tsx';
import { useArmed } from '../ui/armed.ts';
import { Dialog } from '../ui/dialog.tsx';
import { actionsOn, type MessageActions, QUICK_EMOJI } from './message-actions.ts';

/** The same as the menu, for a thumb. */
export function ActionSheet({
  message,
  session,
  me,
  actions,
  onClose,
}: {
  message: MessageRow;
  session: ChatSession;
  me: Me;
  actions: MessageActions;
  onClose(): void;
}) {
  const client = useChatClient();
  const armed = useArmed();
  const emoji = 'grid h-12 w-12 place-items-center rounded-full text-2xl aria-pressed:bg-indigo-wash';
  const react = (one: string, on: boolean) => {
    void client.outbox.enqueue('message.react', { messageId: message.id, emoji: one, on });
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={en.message.more} closeLabel={en.close}>
      <div {...armed}>
        {!message.local && !message.deletedAt && (
          <div className="mb-2 flex justify-between">
            {QUICK_EMOJI.map((one) => {
              const isOn = hasReacted(message.reactions, one, me.id);
              return (
                <button
                  key={one}
                  type="button"
                  aria-label={`${en.message.react} ${one}`}
                  aria-pressed={isOn}
                  className={emoji}
                  onClick={() => react(one, !isOn)}
                >
                  {one}
                </button>
              );
            })}
            <button
              type="button"
              aria-label={en.message.moreEmoji}
              className={`${emoji} text-soft`}
              onClick={() => actions.show('emoji', message)}
            >
              <SmilePlus className="h-6 w-6" />
            </button>
          </div>
        )}
        <ActionList actions={actionsOn(message, { session, me, client, actions })} onChosen={onClose} />
      </div>
    </Dialog>
  );
}
