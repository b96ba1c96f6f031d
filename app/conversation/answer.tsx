import {
  ChevronLeft,
  ChevronRight,
  Copy,
  RefreshCw,
  Reply,
  Square,
  ThumbsDown,
  ThumbsUp,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { FeedbackValue } from '../../protocol/shapes.ts';
import { clockTime } from '../inbox/when.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { AnswerBasis } from './answer-basis.tsx';
import { FeedbackReason } from './feedback-reason.tsx';
import { Markdown } from './markdown.tsx';
import type { MessageActions } from './message-bubble.tsx';

/** Agent Jay's answer at full measure: growing while it is written, with its tools once it stands. */
export function Answer({
  message,
  versions,
  onVersion,
  modelLabel,
  actions,
}: {
  message: MessageRow;
  /** All versions of this answer, oldest first; empty when there is but one. */
  versions: readonly MessageRow[];
  onVersion(id: MessageRow['id']): void;
  modelLabel: string | null;
  actions: MessageActions;
}) {
  const { answers } = useStore(useChatClient().ephemeral);
  const isWriting = message.turn?.status === 'streaming';
  const text = isWriting ? (answers[message.id] ?? '') : message.content;
  return (
    <article
      aria-label={en.answer.label}
      className="grid grid-cols-[28px_minmax(0,1fr)] gap-2.5 py-2.5 wide:grid-cols-[32px_minmax(0,1fr)] wide:gap-3"
    >
      <Avatar name="Agent Jay" colourKey="agent" isAgent size={30} />
      <div className="min-w-0">
        {message.deletedAt && <em className="text-soft">{en.message.deleted}</em>}
        {isWriting && text === '' && <Thinking />}
        {text !== '' && <Markdown text={text} isWriting={isWriting} />}
        {isWriting ? <StopButton message={message} /> : <Ending message={message} />}
        {!isWriting && !message.deletedAt && (
          <Tools
            message={message}
            versions={versions}
            onVersion={onVersion}
            modelLabel={modelLabel}
            actions={actions}
          />
        )}
      </div>
    </article>
  );
}

function Thinking() {
  return (
    <p className="flex items-center gap-2 py-1 text-soft" role="status">
      <span className="flex gap-1 text-star" aria-hidden="true">
        <i className="dot" />
        <i className="dot" />
        <i className="dot" />
      </span>
      {en.answer.thinking}
    </p>
  );
}

function StopButton({ message }: { message: MessageRow }) {
  const client = useChatClient();
  const stop = () =>
    client.trpc.agent.stop
      .mutate({ messageId: message.id })
      .catch((error) => toast.error(failureOf(error)?.message ?? en.errors.generic));
  return (
    <Button className="mt-2 min-h-9 rounded-full px-3 text-sm" onClick={() => void stop()}>
      <Square className="h-3 w-3 fill-current" /> {en.answer.stop}
    </Button>
  );
}

/** How an answer ended when it did not simply end. */
function Ending({ message }: { message: MessageRow }) {
  const { outbox } = useChatClient();
  const { turn } = message;
  if (!turn || turn.status === 'done' || turn.status === 'streaming') return null;
  if (turn.status === 'stopped') return <p className="mt-1 text-sm text-faint">{en.answer.stopped}</p>;
  return (
    <div
      role="alert"
      className="mt-2 flex flex-wrap items-center gap-3 rounded-control bg-danger-wash px-3 py-2 text-sm"
    >
      <span className="min-w-0 flex-1">{turn.error ?? en.answer.failed}</span>
      <Button
        className="min-h-9 px-3 text-sm"
        onClick={() => void outbox.enqueue('agent.regenerate', { messageId: message.id })}
      >
        {en.answer.retry}
      </Button>
    </div>
  );
}

function Tools({ message, versions, onVersion, modelLabel, actions }: Parameters<typeof Answer>[0]) {
  const { outbox } = useChatClient();
  const [reasonFor, setReasonFor] = useState<FeedbackValue | null>(null);
  const give = (value: FeedbackValue) => {
    const given = message.feedback === value ? null : value;
    void outbox.enqueue('message.feedback', { messageId: message.id, value: given });
    setReasonFor(given);
  };
  const place = versions.indexOf(message);
  const turnTo = (index: number) => {
    const version = versions[index];
    if (version) onVersion(version.id);
  };
  async function copy() {
    await navigator.clipboard.writeText(message.content);
    toast.success(en.copied);
  }
  return (
    <>
      <div className="mt-1 -ms-2 flex flex-wrap items-center text-xs text-faint [&_button]:text-faint [&_svg]:h-4 [&_svg]:w-4">
        {versions.length > 1 && (
          <span className="tabular flex items-center">
            <IconButton label={en.answer.older} disabled={place <= 0} onClick={() => turnTo(place - 1)}>
              <ChevronLeft />
            </IconButton>
            {en.answer.version(place + 1, versions.length)}
            <IconButton
              label={en.answer.newer}
              disabled={place >= versions.length - 1}
              onClick={() => turnTo(place + 1)}
            >
              <ChevronRight />
            </IconButton>
          </span>
        )}
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
          onClick={() => void outbox.enqueue('agent.regenerate', { messageId: message.id })}
        >
          <RefreshCw />
        </IconButton>
        <AnswerBasis message={message} />
        <span className="ms-2">
          <time dateTime={message.createdAt}>{clockTime(message.createdAt)}</time>
          {` · ${labelOf(message, modelLabel)}`}
        </span>
      </div>
      {reasonFor && <FeedbackReason message={message} value={reasonFor} onDone={() => setReasonFor(null)} />}
    </>
  );
}

function labelOf(message: MessageRow, current: string | null): string {
  const { provider, model } = message.turn ?? {};
  if (provider === 'built-in-guide') return current?.startsWith('Built-in') ? current : 'Built-in guide';
  return model ?? '';
}
