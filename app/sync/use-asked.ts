import { useCallback, useEffect, useRef } from 'react';
import { askUntilAnswered } from './ask-until-answered.ts';

/** Asks when it is first shown, until there is an answer; and anew whenever the returned function is called. */
export function useAsked<T>(
  ask: () => Promise<T>,
  onAnswer: (answer: T) => void,
  onFailed: (error: unknown) => void,
): () => void {
  const latest = useRef({ ask, onAnswer, onFailed });
  latest.current = { ask, onAnswer, onFailed };
  const stop = useRef(() => {});
  const again = useCallback(() => {
    const now = latest.current;
    stop.current();
    stop.current = askUntilAnswered(now.ask, now.onAnswer, now.onFailed);
  }, []);
  useEffect(() => {
    again();
    return () => stop.current();
  }, [again]);
  return again;
}
