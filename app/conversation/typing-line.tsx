import type { SessionId } from '../../protocol/ids.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

/** Who is typing right now, besides Agent Jay, whose answer shows it. */
export function TypingLine({ session }: { session: ChatSession & { id: SessionId } }) {
  const { typing } = useStore(useChatClient().ephemeral);
  const names = (typing[session.id] ?? []).flatMap(
    (id) => session.members.find((member) => member.userId === id)?.name ?? [],
  );
  return (
    <div aria-live="polite" className="mx-auto h-6 w-full max-w-[760px] px-4 text-[0.8125rem] text-soft">
      {names.length > 0 && (
        <span className="flex items-center gap-2">
          <span className="flex gap-1" aria-hidden="true">
            <i className="dot" />
            <i className="dot" />
            <i className="dot" />
          </span>
          {en.conversation.typing(names)}
        </span>
      )}
    </div>
  );
}
