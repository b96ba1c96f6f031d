import { useEffect, useState } from 'react';
import { MessageId } from '../../protocol/ids.ts';
import type { SearchHit } from '../../protocol/procedures.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import type { FromWorker, ToWorker } from './search-worker.ts';

export interface FoundMessages {
  /** On this device, and of the server's what is not. Newest first. */
  messages: readonly (MessageRow | SearchHit['message'])[];
  /** Only this device was asked, for the server cannot be reached. */
  isDeviceOnly: boolean;
}

const LIMIT = 30;
const ASK_SERVER_AFTER_MS = 300;

/** Messages with these words: this device's at once, the server's a moment later. null while nothing is searched. */
export function useMessageSearch(query: string): FoundMessages | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const wanted = query.trim().length >= 2 ? query.trim() : '';
  const worker = useSearchWorker(wanted !== '');
  const [held, setHeld] = useState<MessageRow[] | null>(null);
  const [asked, setAsked] = useState<SearchHit['message'][]>([]);

  useEffect(() => {
    setAsked([]);
    if (wanted === '' || !worker) {
      setHeld(null);
      return;
    }
    return worker.search(wanted, async (ids) => {
      const rows = await Promise.all(ids.map((id) => client.db.getMessage(id)));
      setHeld(rows.filter((row) => row !== null && row.deletedAt === null) as MessageRow[]); // null was filtered
    });
  }, [wanted, worker, client]);

  useEffect(() => {
    if (wanted === '' || !isLive) return;
    let isOld = false;
    const timer = setTimeout(() => {
      client.trpc.message.search
        .query({ query: wanted.slice(0, 200), limit: LIMIT })
        .then(({ hits }) => !isOld && setAsked(hits.map((hit) => hit.message)))
        .catch(() => {
          // What is on the device stands.
        });
    }, ASK_SERVER_AFTER_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [wanted, isLive, client]);

  if (wanted === '' || held === null) return null;
  const here = new Set<string>(held.map((message) => message.id));
  const messages = [...held, ...asked.filter((message) => !here.has(message.id))];
  messages.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return { messages: messages.slice(0, LIMIT), isDeviceOnly: !isLive };
}

interface SearchWorker {
  /** Tells what is found, again whenever it changes, until the returned function is called. */
  search(query: string, onFound: (ids: MessageId[]) => void): () => void;
}

/** Starts with the first search, and ends with the screen. */
function useSearchWorker(isWanted: boolean): SearchWorker | null {
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
