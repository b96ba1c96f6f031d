/** Runs work that only one tab or worker may do at a time. */
export type Exclusive = (name: string, work: () => Promise<void>) => Promise<void>;

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
    // Somebody else's turn came meanwhile: they get as long.
    if (holder === (await holderOf(locks, name))) {
      await locks.request(name, { steal: true }, work);
      return;
    }
  }
}

async function holderOf(locks: LockManager, name: string): Promise<string | undefined> {
  const { held } = await locks.query();
  return held?.find((lock) => lock.name === name)?.clientId;
}

/** Longer than any one push may take: a drain that says nothing for so long is that of a frozen tab. */
export const DRAIN_FROZEN_MS = 60_000;
