import type { Trpc } from './client.ts';

/** What tRPC's subscribe() is told; as much of it as is needed where there is no subscription yet. */
interface Handlers {
  onError?(error: unknown): void;
}

interface Subscription {
  unsubscribe(): void;
}

type Procedure = (...args: unknown[]) => unknown;

/** Stands for a client that is on its way: notes the procedure that is named, and calls it once the client is there. */
export function calledLater(client: () => Promise<Trpc>): Trpc {
  // Whatever is named on it is named on a client of this very type, and called with the same.
  return named([], async (path) => {
    let found: unknown = await client();
    for (const name of path) found = (found as Record<string, unknown>)[name];
    return found as Procedure;
  }) as Trpc;
}

function named(path: readonly string[], find: (path: readonly string[]) => Promise<Procedure>): unknown {
  return new Proxy(() => {}, {
    // Awaited by itself it is no promise.
    get: (_target, name) =>
      typeof name === 'string' && name !== 'then' ? named([...path, name], find) : undefined,
    apply: (_target, _self, args: unknown[]) =>
      path.at(-1) === 'subscribe' ? subscribe(find(path), args) : find(path).then((call) => call(...args)),
  });
}

/** A subscription begins at once for whoever asked, who may be through with it before it does. */
function subscribe(found: Promise<Procedure>, args: unknown[]): Subscription {
  const { onError } = args[1] as Handlers; // tRPC's own order
  let isOver = false;
  let begun: Subscription | null = null;
  found.then(
    (call) => {
      if (!isOver) begun = call(...args) as Subscription; // the last name was subscribe
    },
    (error) => {
      if (!isOver) onError?.(error);
    },
  );
  return {
    unsubscribe() {
      isOver = true;
      begun?.unsubscribe();
    },
  };
}
