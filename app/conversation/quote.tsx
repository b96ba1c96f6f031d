import type { MessageId } from '../../protocol/ids.ts';
import type { Me } from '../../protocol/shapes.ts';
import { describeFiles } from '../attachments/describe-files.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { nameIn } from '../people/name-in.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';

/** What a message replies to; a tap leads there. */
export function Quote({
  id,
  session,
  me,
  onJump,
}: {
  id: MessageId;
  session: StoredSession;
  me: Me;
  onJump(id: MessageId): void;
}) {
  const client = useChatClient();
  const original = useLiveQuery(() => client.db.getMessage(id), [`messages:${session.id}`], [id]);
  const author = original && (original.userId === me.id ? en.message.you : nameIn(session, original.userId));
  const text = original?.deletedAt
    ? en.message.deleted
    : original
      ? original.content || describeFiles(original.attachments)
      : en.message.quoteGone;
  return (
    <button
      type="button"
      onClick={() => onJump(id)}
      className="mb-1 block w-full border-s-[3px] border-current/45 ps-2 text-start text-sm opacity-85"
    >
      {author && <b className="block font-semibold">{author}</b>}
      <span className="line-clamp-2">{text}</span>
    </button>
  );
}
