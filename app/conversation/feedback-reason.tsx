import { type FormEvent, useState } from 'react';
import { limits } from '../../protocol/limits.ts';
import type { FeedbackValue } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';

/** Why an answer was liked or disliked, if one wants to say: one tap, or words of one's own. */
export function FeedbackReason({
  message,
  value,
  onDone,
}: {
  message: MessageRow;
  value: FeedbackValue;
  onDone(): void;
}) {
  const { outbox } = useChatClient();
  const [text, setText] = useState('');

  async function give(reason: string) {
    await outbox.enqueue('message.feedback', { messageId: message.id, value, reason });
    toast.success(en.feedback.thanks);
    onDone();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== '') void give(text.trim());
  }

  return (
    <section
      aria-label={en.feedback[value]}
      className="mt-2 grid gap-2 rounded-2xl border border-line bg-surface p-3 text-sm"
    >
      <p className="font-medium">{en.feedback[value]}</p>
      <div className="flex flex-wrap gap-2">
        {en.feedback.reasons[value].map((reason) => (
          <Button
            key={reason}
            className="min-h-9 rounded-full px-3 text-sm"
            onClick={() => void give(reason)}
          >
            {reason}
          </Button>
        ))}
      </div>
      <form onSubmit={submit} className="flex gap-2">
        <input
          aria-label={en.feedback.other}
          placeholder={en.feedback.other}
          value={text}
          maxLength={limits.reasonLength}
          onChange={(event) => setText(event.target.value)}
          className="min-h-11 min-w-0 flex-1 rounded-control border border-line bg-paper px-3 wide:min-h-9"
        />
        <Button type="submit">{en.feedback.send}</Button>
        <Button look="quiet" onClick={onDone}>
          {en.feedback.skip}
        </Button>
      </form>
    </section>
  );
}
