import { Square } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Fork } from '../../protocol/forks.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStoreValue } from '../sync/react.tsx';
import { failureOf } from '../trpc/client.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
import { AnswerEnding } from './answer-ending.tsx';
import { AnswerTools } from './answer-tools.tsx';
import { Markdown } from './markdown.tsx';
import type { MessageActions } from './message-bubble.tsx';
import { SpokenSentences } from './spoken-sentences.tsx';

export interface AnswerProps {
  message: MessageRow;
  /** The versions of this answer; null when there is but one. */
  fork: Fork | null;
  modelLabel: string | null;
  actions: MessageActions;
  /** Everything else that can be done with it. */
  menu: ReactNode;
}

/** Agent Jay's answer at full measure: growing while it is written, with its tools once it stands. */
export function Answer(props: AnswerProps) {
  const { message } = props;
  const isWriting = message.turn?.status === 'streaming';
  const told = useStoreValue(useChatClient().ephemeral, ({ answers }) => answers[message.id] ?? '');
  const text = isWriting ? told : message.content;
  return (
    <article
      aria-label={en.answer.label}
      aria-busy={isWriting}
      className="grid grid-cols-[28px_minmax(0,1fr)] gap-2.5 py-2.5 wide:grid-cols-[32px_minmax(0,1fr)] wide:gap-3"
    >
      <Avatar name="Agent Jay" colourKey="agent" isAgent size={30} />
      <div className="min-w-0">
        {message.deletedAt && <em className="text-soft">{en.message.deleted}</em>}
        {isWriting && text === '' && <Thinking />}
        {text !== '' && (
          // Told sentence by sentence below: letter by letter nobody could listen to it.
          <div aria-live={isWriting ? 'off' : undefined}>
            <Markdown text={text} isWriting={isWriting} />
          </div>
        )}
        <SpokenSentences text={text} isWriting={isWriting} />
        {isWriting ? <StopButton message={message} /> : <AnswerEnding {...props} />}
        {!isWriting && !message.deletedAt && <AnswerTools {...props} />}
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

/** As high as the tools that take its place, so that nothing jumps when the answer ends. */
function StopButton({ message }: { message: MessageRow }) {
  const client = useChatClient();
  const stop = () =>
    client.trpc.agent.stop
      .mutate({ messageId: message.id })
      .catch((error) => toast.error(failureOf(error)?.message ?? en.errors.generic));
  return (
    <div className="mt-1 flex min-h-11 items-center">
      <Button className="min-h-9 rounded-full px-3 text-sm" onClick={() => void stop()}>
        <Square className="h-3 w-3 fill-current" /> {en.answer.stop}
      </Button>
    </div>
  );
}
