import { useEffect, useState } from 'react';
import { MessageId } from '../../protocol/ids.ts';
import { useChatClient } from '../sync/react.tsx';
import type { FromWorker, ToWorker } from './search-worker.ts';

const LIMIT = 30;

export interface SearchWorker {
  /** Tells what is found, again whenever it changes, until the returned function is called. */
  search(query: string, onFound: (ids: MessageId[]) => void): () => void;
}

/** Starts with the first search, and ends with the screen. */
export function useSearchWorker(isWanted: boolean): SearchWorker | null {
  const client = useChatClient();
  const [worker, setWorker] = useState<SearchWorker | null>(null);
  const [isStarted, setStarted] = useState(false);
  if (isWanted && !isStarted) setStarted(true);
  useEffect(() => {
    if (!isStarted) return;
    const thread = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
    const post = (message: ToWorker) => thread.postMessage(message);
    post({ kind: 'open', userId: client.me.get().id, storage: client.db.storage });
    let number = 0;
    setWorker({
      search(query, onFound) {
        const ask = () => {
          number += 1;
          post({ kind: 'search', number, query, limit: LIMIT });
        };
        const onMessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.kind === 'changed') ask();
          else if (data.kind === 'found' && data.number === number)
            onFound(data.ids.map((id) => MessageId.parse(id)));
        };
        thread.addEventListener('message', onMessage);
        ask();
        return () => thread.removeEventListener('message', onMessage);
      },
    });
    return () => {
      thread.terminate();
      setWorker(null);
    };
  }, [isStarted, client]);
  return worker;
}
