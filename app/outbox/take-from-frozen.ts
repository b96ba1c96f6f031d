import { inTurn } from './in-turn.ts';

/** Waits on, and takes the lock from whoever has held it for so many milliseconds since. */
export async function takeFromFrozen(
  locks: LockManager,
  name: string,
  work: () => Promise<void>,
  patienceMs: number,
): Promise<void> {
  for (;;) {
    const holder = await holderOf(locks, name);
    if (await inTurn(locks, name, work, patienceMs)) return;
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
