import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Fork } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';

/** ‹2/3›: turns to an earlier or later version of a question or an answer, on all of one's devices. */
export function VersionPager({ fork, id }: { fork: Fork; id: MessageId }) {
  const { outbox } = useChatClient();
  const place = fork.all.indexOf(id);
  if (fork.all.length < 2) return null;
  const turnTo = (index: number) => {
    const messageId = fork.all[index];
    if (messageId) void outbox.enqueue('message.show', { messageId });
  };
  return (
    <span className="tabular inline-flex items-center [&_button]:text-faint [&_svg]:h-4 [&_svg]:w-4">
      <IconButton label={en.answer.older} disabled={place <= 0} onClick={() => turnTo(place - 1)}>
        <ChevronLeft className="rtl:-scale-x-100" />
      </IconButton>
      {en.answer.version(place + 1, fork.all.length)}
      <IconButton
        label={en.answer.newer}
        disabled={place >= fork.all.length - 1}
        onClick={() => turnTo(place + 1)}
      >
        <ChevronRight className="rtl:-scale-x-100" />
      </IconButton>
    </span>
  );
}
