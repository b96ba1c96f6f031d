import { Copy, RefreshCw, Reply, ThumbsDown, ThumbsUp } from 'lucide-react';
import { useState } from 'react';
import type { FeedbackValue } from '../../protocol/shapes.ts';
import { clockTime } from '../inbox/when.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { useChatClient } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
import type { AnswerProps } from './answer.tsx';
import { AnswerBasis } from './answer-basis.tsx';
import { VersionPager } from './version-pager.tsx';

const FeedbackReason = later(async () => (await import('./feedback-reason.tsx')).FeedbackReason);

/** What one can do with an answer that stands, and quietly who wrote it. */
export function AnswerTools({ message, fork, modelLabel, actions, menu }: AnswerProps) {
  const { outbox } = useChatClient();
  const [reasonFor, setReasonFor] = useState<FeedbackValue | null>(null);
  const give = (value: FeedbackValue) => {
    const given = message.feedback === value ? null : value;
    void outbox.enqueue('message.feedback', { messageId: message.id, value: given });
    setReasonFor(given);
  };
  async function copy() {
    await navigator.clipboard.writeText(message.content);
    toast.success(en.copied);
  }
  const again = { messageId: message.id, newest: fork?.all.at(-1) ?? message.id };
  const { fallback } = message.turn ?? {};
  return (
    <>
      <div className="mt-1 -ms-2 flex min-h-11 flex-wrap items-center text-xs text-faint [&_button]:text-faint [&_svg]:h-4 [&_svg]:w-4">
        {fork && <VersionPager fork={fork} id={message.id} />}
        <IconButton
          label={en.answer.like}
          aria-pressed={message.feedback === 'like'}
          onClick={() => give('like')}
          className="aria-pressed:text-indigo-text!"
        >
          <ThumbsUp className={message.feedback === 'like' ? 'fill-current' : ''} />
        </IconButton>
        <IconButton
          label={en.answer.dislike}
          aria-pressed={message.feedback === 'dislike'}
          onClick={() => give('dislike')}
          className="aria-pressed:text-indigo-text!"
        >
          <ThumbsDown className={message.feedback === 'dislike' ? 'fill-current' : ''} />
        </IconButton>
        <IconButton label={en.copy} onClick={() => void copy()}>
          <Copy />
        </IconButton>
        <IconButton label={en.message.reply} onClick={() => actions.reply(message)}>
          <Reply />
        </IconButton>
        <IconButton
          label={en.answer.regenerate}
          onClick={() => void outbox.enqueue('agent.regenerate', again)}
        >
          <RefreshCw />
        </IconButton>
        <AnswerBasis message={message} />
        {menu}
        <span className="ms-2" title={fallback?.because}>
          <time dateTime={message.createdAt}>{clockTime(message.createdAt)}</time>
          {` · ${labelOf(message, modelLabel)}`}
          {fallback && ` · ${en.answer.insteadOf(fallback.from)}`}
        </span>
      </div>
      {fallback && <p className="mt-0.5 mb-1 text-xs text-soft">{fallback.because}</p>}
      {reasonFor && <FeedbackReason message={message} value={reasonFor} onDone={() => setReasonFor(null)} />}
    </>
  );
}

function labelOf({ turn }: AnswerProps['message'], current: string | null): string {
  if (turn?.provider !== 'built-in-guide') return turn?.model ?? '';
  return current?.startsWith('Built-in') ? current : 'Built-in guide';
}
