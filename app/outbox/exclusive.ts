/** Runs work that only one tab or worker may do at a time. */
export type Exclusive = (name: string, work: () => Promise<void>) => Promise<void>;

/** Longer than any one push may take: a drain that says nothing for so long is that of a frozen tab. */
export const DRAIN_FROZEN_MS = 60_000;

/**
 * One Web Lock shared by all tabs and the service worker; where there are none, one queue in this process.
 * @param stealAfterMs a holder that has kept others waiting for so long is taken for frozen, and the lock is taken from
 * it. Only for work that does no harm when two do it at once.
 */
export function createExclusive(stealAfterMs: number | null = null): Exclusive {
  if (typeof navigator !== 'undefined' && navigator.locks) {
    const { locks } = navigator;
    if (stealAfterMs !== null) return (name, work) => runOrSteal(locks, name, work, stealAfterMs);
    return async (name, work) => {
      await locks.request(name, work);
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

async function runOrSteal(
  locks: LockManager,
  name: string,
  work: () => Promise<void>,
  stealAfterMs: number,
): Promise<void> {
  for (;;) {
    const holder = await holderOf(locks, name);
    const tired = new AbortController();
    const timer = setTimeout(() => tired.abort(), stealAfterMs);
    try {
      await locks.request(name, { signal: tired.signal }, () => {
        clearTimeout(timer);
        return work();
      });
      return;
    } catch (error) {
      if (!tired.signal.aborted) throw error;
    } finally {
      clearTimeout(timer);
    }
    const stolen = await steal(locks, name, holder, work);
    if (stolen) return stolen.done;
    // Somebody else's turn came meanwhile: they get as long.
  }
}

/**
 * Takes the lock from the one that is known to have held it all the while; of several that are tired of waiting, one does.
 * @returns the work, which has begun; null when another one holds the lock by now
 */
async function steal(
  locks: LockManager,
  name: string,
  from: string | undefined,
  work: () => Promise<void>,
): Promise<{ done: Promise<void> } | null> {
  return locks.request(`${name}:steal`, async () => {
    if (from !== (await holderOf(locks, name))) return null;
    return new Promise<{ done: Promise<void> }>((resolve, reject) => {
      const begin = () => {
        resolve({ done });
        return work();
      };
      const done = locks.request(name, { steal: true }, begin).then(() => {});
      done.catch(reject);
    });
  });
}

async function holderOf(locks: LockManager, name: string): Promise<string | undefined> {
  const { held } = await locks.query();
  return held?.find((lock) => lock.name === name)?.clientId;
}
