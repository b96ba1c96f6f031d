/** Runs work that only one tab or worker may do at a time. */
export type Exclusive = (name: string, work: () => Promise<void>) => Promise<void>;

/** One Web Lock shared by all tabs and the service worker; where there are none, one queue in this process. */
export function createExclusive(): Exclusive {
  if (typeof navigator !== 'undefined' && navigator.locks) {
    return async (name, work) => {
      await navigator.locks.request(name, work);
    };
  }
  const last = new Map<string, Promise<void>>();
  return (name, work) => {
    const next = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      next.catch(() => {}),
    );
    return next;
  };
}
