import { useEffect, useRef } from 'react';

/**
 * Tells that the end of a conversation is on screen: once for each newest message, and for each number of the
 * conversation, which is read apart from its messages and may come behind them.
 * @param lastId of the newest message that is shown
 */
export function useToldAtEnd(
  { isAtEnd, lastId, lastSeq }: { isAtEnd: boolean; lastId: string | undefined; lastSeq: number },
  onAtEnd: () => void,
): void {
  const tell = useRef(onAtEnd);
  tell.current = onAtEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what there is to be told of depends on the number
  useEffect(() => {
    if (lastId && isAtEnd) tell.current();
  }, [isAtEnd, lastId, lastSeq]);
}
