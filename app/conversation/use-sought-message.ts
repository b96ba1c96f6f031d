import { type RefObject, useCallback, useEffect, useState } from 'react';
import { type Forks, stepsToShow } from '../../protocol/forks.ts';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { toast } from '../ui/toast.ts';
import type { MessageListHandle } from './message-list.tsx';
import type { useMessageWindow } from './use-message-window.ts';

/**
 * Brings any message of a conversation on screen: what lies between it and the end is brought in first.
 * @returns what seeks one
 */
export function useSoughtMessage({
  sessionId,
  target,
  view,
  forks,
  list,
}: {
  sessionId: SessionId;
  /** The one that the address names. */
  target: MessageId | null;
  view: ReturnType<typeof useMessageWindow>;
  forks: Forks;
  list: RefObject<MessageListHandle>;
}): (id: MessageId) => Promise<void> {
  const client = useChatClient();
  const { messages, showAround } = view;
  const isLoaded = messages !== undefined;
  const [sought, setSought] = useState<MessageId | null>(null);
  const seek = useCallback(
    async (id: MessageId) => {
      try {
        const sortKey = await client.older.upTo(sessionId, id);
        if (sortKey === null) return;
        await showAround(sortKey);
        setSought(id);
      } catch {
        toast.error(en.conversation.olderOffline);
      }
    },
    [client, sessionId, showAround],
  );
  useEffect(() => {
    if (target !== null && isLoaded) void seek(target);
  }, [target, isLoaded, seek]);

  const isSoughtHere = sought !== null && messages?.some((message) => message.id === sought);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a ref that was handed over is one still
  useEffect(() => {
    if (!isSoughtHere || sought === null) return;
    const found = messages?.find((message) => message.id === sought);
    const place = found && { id: found.id, place: found.sortKey, branch: found.branch };
    // What stands in another branch is turned to first; it shows with one of the next renderings.
    const [step] = (place && stepsToShow(forks, place)) ?? [];
    if (step) {
      void client.outbox.enqueue('message.show', { messageId: step }).catch(() => {});
      return;
    }
    setSought(null);
    requestAnimationFrame(() => list.current?.toMessage(sought));
  }, [client, isSoughtHere, sought, messages, forks]);

  return seek;
}
