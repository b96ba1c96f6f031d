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
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the deps
  useEffect(() => {
    if (!isLive) return;
    let isOld = false;
    latest
      .current()
      .then((answer) => {
        if (!isOld) setFound(answer.flatMap((one) => ChatMessage.safeParse(one).data ?? []));
      })
      .catch(() => {
        // What is held here stands.
      });
    return () => {
      isOld = true;
    };
  }, [isLive, key]);
  return found;
}
