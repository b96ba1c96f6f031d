import { useEffect, useRef, useState } from 'react';
import { ChatMessage } from '../../protocol/shapes.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
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
    // What is held here stands meanwhile.
    return askUntilAnswered(
      () => latest.current(),
      (answer) => setFound(answer.flatMap((one) => ChatMessage.safeParse(one).data ?? [])),
    );
  }, [isLive, key]);
  return found;
}
