import { SmilePlus } from 'lucide-react';
import { isEmoji } from '../../protocol/emoji.ts';
import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient } from '../sync/react.tsx';

/** Who feels what about a message; a tap joins in, or takes one's own back. */
export function Reactions({
  message,
  session,
  me,
  onMore,
}: {
  message: MessageRow;
  session: StoredSession;
  me: Me;
  onMore(): void;
}) {
  const { outbox } = useChatClient();
  const entries = Object.entries(message.reactions);
  if (entries.length === 0) return null;
  const nameOf = (userId: string) => (userId === me.id ? en.message.you : nameIn(session, userId));
  const chip =
    'tabular min-h-7 rounded-full border border-line bg-surface px-2 py-0.5 text-[0.8125rem] text-ink';
  return (
    <div className="relative -mt-1 mb-1 flex flex-wrap gap-1 px-2">
      {entries.map(([emoji, users]) => {
        const on = users.includes(me.id);
        // What was stored before reactions had to be emoji can be taken back, and not joined.
        const isFixed = !on && !isEmoji(emoji);
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={on}
            disabled={isFixed}
            aria-label={en.message.toggleReaction(emoji, users.length)}
            title={users.map(nameOf).join(', ')}
            onClick={() => void outbox.enqueue('message.react', { messageId: message.id, emoji, on: !on })}
            className={`${chip} aria-pressed:border-indigo aria-pressed:bg-indigo-wash`}
          >
            {emoji} {users.length > 1 ? users.length : ''}
          </button>
        );
      })}
      <button
        type="button"
        aria-label={en.message.moreEmoji}
        onClick={onMore}
        className={`${chip} grid place-items-center text-faint!`}
      >
        <SmilePlus className="h-3.5 w-3.5" />
      </button>
    </div>
  );
}
