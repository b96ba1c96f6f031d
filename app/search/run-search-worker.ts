import { MessageId } from '../../protocol/ids.ts';
import type { ChatClient } from '../sync/chat-client.ts';
import type { FromWorker, ToWorker } from './search-worker.ts';
import type { SearchWorker } from './use-search-worker.ts';

const LIMIT = 30;
/** A worker whose script gets lost on its way, or that breaks, is started again; what it could not search is asked again. */
const AGAIN_MS = 5_000;

/** Keeps a worker running, and tells of each new one; of null while there is none. Returns how to end it. */
export function runSearchWorker(
  client: ChatClient,
  onWorker: (worker: SearchWorker | null) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end = () => {};
  const start = () => {
    const thread = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
    end = () => thread.terminate();
    thread.addEventListener('error', () => {
      end();
      onWorker(null);
      timer = setTimeout(start, AGAIN_MS);
    });
    const { storage } = client.db;
    thread.postMessage({ kind: 'open', userId: client.me.get().id, storage } satisfies ToWorker);
    onWorker(searcherOf(thread));
  };
  start();
  return () => {
    clearTimeout(timer);
    end();
  };
}

function searcherOf(thread: Worker): SearchWorker {
  let number = 0;
  return {
    search(query, onFound) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const ask = () => {
        number += 1;
        thread.postMessage({ kind: 'search', number, query, limit: LIMIT } satisfies ToWorker);
      };
      const onMessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'changed') ask();
        else if (data.number !== number) return;
        else if (data.kind === 'found') onFound(data.ids.map((id) => MessageId.parse(id)));
        else timer = setTimeout(ask, AGAIN_MS);
      };
      thread.addEventListener('message', onMessage);
      ask();
      return () => {
        clearTimeout(timer);
        thread.removeEventListener('message', onMessage);
      };
    },
  };
}
