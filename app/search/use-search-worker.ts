import { useEffect, useState } from 'react';
import type { MessageId } from '../../protocol/ids.ts';
import { fetchUntilHere, makePart } from '../parts/part.ts';
import { useChatClient } from '../sync/react.tsx';

export interface SearchWorker {
  /** Tells what is found, again whenever it changes, until the returned function is called. */
  search(query: string, onFound: (ids: MessageId[]) => void): () => void;
}

const running = makePart(() => import('./run-search-worker.ts'));

/** Starts with the first search, and ends with the screen. Null until it runs. */
export function useSearchWorker(isWanted: boolean): SearchWorker | null {
  const client = useChatClient();
  const [worker, setWorker] = useState<SearchWorker | null>(null);
  const [isStarted, setStarted] = useState(false);
  if (isWanted && !isStarted) setStarted(true);
  useEffect(() => {
    if (!isStarted) return;
    let end = () => {};
    const stop = fetchUntilHere(running, ({ runSearchWorker }) => {
      end = runSearchWorker(client, setWorker);
    });
    return () => {
      stop();
      end();
      setWorker(null);
    };
  }, [isStarted, client]);
  return worker;
}
