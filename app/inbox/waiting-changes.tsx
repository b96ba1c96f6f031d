import { isCounted } from '../../protocol/outbox.ts';
import { fieldsOf, type OutboxEntry } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { isKnown } from '../outbox/entries.ts';
import { useChatClient, useLiveQuery } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { shortWhen } from './when.ts';

/** Everything that has not reached the server, with what was tried and why it did not go: one by one, or all at once. */
export function WaitingChanges({ onOpenChange }: { onOpenChange(open: boolean): void }) {
  const { db, outbox } = useChatClient();
  const entries = useLiveQuery(
    async () => (await db.listOutbox()).filter((entry) => isCounted(entry.op)),
    ['outbox'],
    [],
  );
  const strange = useLiveQuery(() => db.strange.list(), ['outbox'], []);
  const count = (entries?.length ?? 0) + (strange?.length ?? 0);
  return (
    <Dialog open onOpenChange={onOpenChange} title={en.outbox.title} closeLabel={en.close}>
      {entries && strange && count === 0 && <p className="text-soft">{en.outbox.empty}</p>}
      <ul className="grid gap-3">
        {entries?.map((entry) => (
          <li key={entry.mutationId} className="rounded-2xl border border-line bg-surface p-3">
            <p className="text-sm font-semibold">{en.outbox.ops[entry.op] ?? en.outbox.unknown}</p>
            <p className="line-clamp-3 break-words whitespace-pre-wrap">{textOf(entry)}</p>
            {entry.error && <p className="text-sm text-danger">{entry.error.message}</p>}
            {entry.lastAttemptAt && (
              <p className="text-xs text-faint">
                {en.outbox.tried(entry.attempts, shortWhen(entry.lastAttemptAt))}
              </p>
            )}
            <p className="mt-2 flex gap-2">
              {isKnown(entry.op) && (
                <Button onClick={() => void outbox.retry(entry.mutationId)}>{en.outbox.retry}</Button>
              )}
              <Button look="quiet" onClick={() => void outbox.discard(entry.mutationId)}>
                {en.outbox.discard}
              </Button>
            </p>
          </li>
        ))}
        {strange?.map((entry) => (
          <li key={entry.position} className="rounded-2xl border border-line bg-surface p-3">
            <p className="text-sm font-semibold">{en.outbox.unreadable}</p>
            <p className="line-clamp-3 break-words whitespace-pre-wrap">{textOf(entry)}</p>
            <Button look="quiet" className="mt-2" onClick={() => void db.strange.remove(entry.position)}>
              {en.outbox.discard}
            </Button>
          </li>
        ))}
      </ul>
      {(entries?.length ?? 0) > 1 && (
        <Button look="primary" className="mt-4 w-full" onClick={() => void outbox.retryAll()}>
          {en.outbox.retryAll}
        </Button>
      )}
    </Dialog>
  );
}

/** What a person would recognise the change by. */
function textOf(entry: Pick<OutboxEntry, 'input'>): string {
  const { content, title, emoji, name } = fieldsOf(entry.input);
  return [content, title, emoji, name].find((one): one is string => typeof one === 'string') ?? '';
}
