import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Topic } from '../local-db/changes.ts';
import type { ChatClient } from './chat-client.ts';
import type { Store } from './store.ts';

const ClientContext = createContext<ChatClient | null>(null);

export function ChatClientProvider({ client, children }: { client: ChatClient; children: ReactNode }) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

export function useChatClient(): ChatClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('This part of the screen stands outside of ChatClientProvider');
  return client;
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** A part of a store's value, so that only its changes are shown; `select` returns something that compares by `Object.is`. */
export function useStoreValue<T, V>(store: Store<T>, select: (value: T) => V): V {
  const get = () => select(store.get());
  return useSyncExternalStore(store.subscribe, get, get);
}

/**
 * What a query of the local database answers, again after each change of its topics. `undefined` until the first
 * answer. `deps` are what the query depends on besides.
 */
export function useLiveQuery<T>(
  query: () => Promise<T>,
  topics: readonly Topic[],
  deps: readonly unknown[],
): T | undefined {
  const client = useChatClient();
  const [answer, setAnswer] = useState<T>();
  const latest = useRef(query);
  latest.current = query;
  const key = JSON.stringify([topics, deps]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the topics and deps
  useEffect(() => {
    let isGone = false;
    let isRunning = false;
    let again = false;
    const run = async () => {
      if (isRunning) {
        again = true;
        return;
      }
      isRunning = true;
      do {
        again = false;
        // A copy that was closed under us (sign-out) answers nothing more.
        const next = await latest.current().catch(() => undefined);
        if (!isGone && next !== undefined) setAnswer(() => next);
      } while (again && !isGone);
      isRunning = false;
    };
    const off = client.db.subscribe(topics, () => void run());
    void run();
    return () => {
      isGone = true;
      off();
    };
  }, [client, key]);
  return answer;
}
