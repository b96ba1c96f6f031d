import { useEffect, useRef, useState } from 'react';
import { ChatMessage } from '../../protocol/shapes.ts';
import { useChatClient, useStore } from '../sync/react.tsx';

/**
 * Messages that only the server has (older than what is held here), asked for while it can be reached. They are shown
 * beside the copy, and not stored in it: between them and what is held there would be holes.
 */
export function useMerged(ask: () => Promise<unknown[]>, deps: readonly unknown[]): ChatMessage[] {
  const isLive = useStore(useChatClient().connection).kind === 'live';
  const [found, setFound] = useState<ChatMessage[]>([]);
  const latest = useRef(ask);
  latest.current = ask;
  const key = JSON.stringify(deps);
  const asked = useRef<string | null>(null);
  useEffect(() => {
    asked.current = key;
    if (!isLive) return;
    latest
      .current()
      .then((answer) => {
        if (asked.current === key) setFound(answer.flatMap((one) => ChatMessage.safeParse(one).data ?? []));
      })
      .catch(() => {
        // What is held here stands.
      });
  }, [isLive, key]);
  return found;
}
