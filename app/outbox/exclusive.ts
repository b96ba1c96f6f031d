import { inTurn } from './in-turn.ts';
import { seldom } from './seldom.ts';

/** Runs work that only one tab or worker may do at a time. */
export type Exclusive = (name: string, work: () => Promise<void>) => Promise<void>;

/** Longer than the patience with any one push, which is all that the outbox holds its lock for. Milliseconds. */
export const PUSH_FROZEN_MS = 120_000;

/**
 * One queue in this tab, and ahead of it one Web Lock, where there are any, for all tabs and the service worker.
 * @param stealAfterMs a tab that has kept others waiting for so long is taken for frozen, and the lock is taken from it;
 * never from this tab, which is at work. Longer than one piece of work takes, and only for work that does no harm when
 * two do it at once.
 */
export function createExclusive(stealAfterMs: number): Exclusive {
  const locks = typeof navigator === 'undefined' ? null : navigator.locks;
  const last = new Map<string, Promise<void>>();
  return (name, work) => {
    let working = Promise.resolve();
    const begin = () => {
      working = work();
      return working;
    };
    const turn = (last.get(name) ?? Promise.resolve()).then(() =>
      locks ? runOrSteal(locks, name, begin, stealAfterMs / 2) : begin(),
    );
    // A tab that was frozen and is back finishes first what it was at, although its lock is another's by now.
    const done = turn.catch(() => {}).then(() => working);
    last.set(
      name,
      done.catch(() => {}),
    );
    return turn;
  };
}

async function runOrSteal(
  locks: LockManager,
  name: string,
  work: () => Promise<void>,
  halfMs: number,
): Promise<void> {
  while (!(await inTurn(locks, name, work, halfMs))) {
    const part = await seldom.fetch().catch(() => null);
    if (part) return part.takeFromFrozen(locks, name, work, halfMs);
  }
}
