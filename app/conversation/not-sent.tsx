import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';

/** Red and plain: what went wrong, and the three ways out. */
export function NotSent({ message, onEdit }: { message: MessageRow; onEdit(): void }) {
  const { outbox } = useChatClient();
  const { local } = message;
  if (!local) return null;
  const link = 'min-h-8 font-semibold underline';
  return (
    <div role="alert" className="mx-1.5 mb-1 max-w-[84%] text-xs text-danger">
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
