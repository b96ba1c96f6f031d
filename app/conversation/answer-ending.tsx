import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import type { AnswerProps } from './answer.tsx';

/** How an answer ended when it did not simply end, and what one can do about it. */
export function AnswerEnding({ message, fork }: AnswerProps) {
  const { outbox } = useChatClient();
  const { turn } = message;
  if (!turn || message.deletedAt || turn.status === 'done' || turn.status === 'streaming') return null;
  const wish = { messageId: message.id, newest: fork?.all.at(-1) ?? message.id };
  const isStopped = turn.status === 'stopped';
  const goOn = message.content !== '' && (
    <Button className="min-h-9 px-3 text-sm" onClick={() => void outbox.enqueue('agent.continue', wish)}>
      {en.answer.goOn}
    </Button>
  );
  const again = (
    <Button
      look={message.content === '' ? 'plain' : 'quiet'}
      className="min-h-9 px-3 text-sm"
      onClick={() => void outbox.enqueue('agent.regenerate', wish)}
    >
      {en.answer.retry}
    </Button>
  );
  return (
    <div
      role={isStopped ? 'status' : 'alert'}
      className={`mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-control px-3 py-2 text-sm ${
        isStopped ? 'bg-ink/5 text-soft' : 'bg-danger-wash'
      }`}
    >
      <span className="min-w-0 flex-1 basis-48">
        {isStopped ? en.answer.stopped : (turn.error ?? en.answer.failed)}
      </span>
      <span className="flex flex-wrap gap-2">
        {goOn}
        {again}
      </span>
    </div>
  );
}
