import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';

export function Reactions({ message, me }: { message: MessageRow; me: Me }) {
  const { outbox } = useChatClient();
  const entries = Object.entries(message.reactions);
  if (entries.length === 0) return null;
  return (
    <div className="relative -mt-1 mb-1 flex flex-wrap gap-1 px-2">
      {entries.map(([emoji, users]) => {
        const on = users.includes(me.id);
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={on}
            aria-label={en.message.toggleReaction(emoji, users.length)}
            onClick={() => void outbox.enqueue('message.react', { messageId: message.id, emoji, on: !on })}
            className="tabular rounded-full border border-line bg-surface px-2 py-0.5 text-[13px] text-ink aria-pressed:border-indigo aria-pressed:bg-indigo-wash"
          >
            {emoji} {users.length > 1 ? users.length : ''}
          </button>
        );
      })}
    </div>
  );
}
