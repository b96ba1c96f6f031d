import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { SessionId } from '../../protocol/ids.ts';
import type { StoredSession } from '../local-db/rows.ts';
import { useChatClient } from '../sync/react.tsx';
import type { MessageListHandle } from './message-list.tsx';

/** What opening a conversation, and seeing the end of it, makes of its marks. */
export function useReading({
  sessionId,
  row,
  isLoaded,
  list,
}: {
  sessionId: SessionId;
  row: StoredSession | null;
  /** Its messages are here. */
  isLoaded: boolean;
  list: RefObject<MessageListHandle>;
}): { newFrom: number | null; markRead(): void } {
  const client = useChatClient();
  const { id: me } = client.me.get();

  // Where the "new" divider stands is decided once, when the conversation is opened.
  const mine = row?.members.find((member) => member.userId === me);
  const newFrom = useRef<number | null>(null);
  const isPlaced = useRef(false);
  if (!isPlaced.current && row && mine && isLoaded) {
    isPlaced.current = true;
    newFrom.current = mine.readSeq < row.lastSeq ? mine.readSeq + 1 : null;
  }

  const markRead = useCallback(() => {
    if (row && !row.left && document.visibilityState === 'visible')
      void client.markRead(sessionId, row.lastSeq).catch(() => {});
  }, [client, sessionId, row]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a ref that was handed over is one still
  useEffect(() => {
    const onVisible = () => {
      if (list.current?.showsEnd()) markRead();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [markRead]);

  // Opened: no longer marked as unread.
  const isMarked = useRef(true);
  const markedUnread = row?.mine.markedUnread ?? null;
  useEffect(() => {
    if (markedUnread === null || !isMarked.current) return;
    isMarked.current = false;
    if (markedUnread)
      void client.outbox.enqueue('session.mine', { sessionId, markedUnread: false }).catch(() => {});
  }, [client, sessionId, markedUnread]);

  return { newFrom: newFrom.current, markRead };
}
