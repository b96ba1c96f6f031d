import { useEffect, useState } from 'react';
import type { EarlierText } from '../../protocol/outputs.ts';
import { longWhen } from '../inbox/when.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Dialog } from '../ui/dialog.tsx';

/** What a message said before, and until when. */
export function EditHistory({ message, onClose }: { message: MessageRow; onClose(): void }) {
  return (
    <Dialog open onOpenChange={onClose} title={en.message.history} closeLabel={en.close}>
      {/* Asked again after each edit. */}
      <Texts key={message.editedAt} message={message} />
    </Dialog>
  );
}

function Texts({ message }: { message: MessageRow }) {
  const { trpc } = useChatClient();
  const [earlier, setEarlier] = useState<EarlierText[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { id: messageId, editedAt } = message;
  useEffect(() => {
    return askUntilAnswered(
      () => trpc.message.history.query({ messageId }),
      (history) => {
        setEarlier(history.earlier);
        setProblem(null);
      },
      (error) => setProblem(failureOf(error)?.message ?? en.message.historyOffline),
    );
  }, [trpc, messageId]);
  return (
    <>
      {problem && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      <ol className="grid gap-3">
        {earlier?.map((one) => (
          <li key={one.until} className="rounded-xl border border-line bg-surface p-3 text-soft">
            <p className="whitespace-pre-wrap" dir="auto">
              {one.content}
            </p>
            <p className="text-xs text-faint">{en.message.until(longWhen(one.until))}</p>
          </li>
        ))}
        <li className="rounded-xl border border-indigo bg-surface p-3">
          <p className="whitespace-pre-wrap" dir="auto">
            {message.content}
          </p>
          <p className="text-xs text-faint">
            {editedAt ? en.message.since(longWhen(editedAt)) : longWhen(message.createdAt)}
          </p>
        </li>
      </ol>
    </>
  );
}
