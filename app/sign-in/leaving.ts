/**
 * Signed out on this device while the server could not be told: its cookie, which no script can take away, still lives.
 * Until the server has heard of it, nothing is opened here in that name (invariant 26).
 */
const KEY = 'j-star-chat:leaving';

/** The server knows, or somebody else has signed in instead. */
export function hasLeft(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept there.
  }
}

export function isLeaving(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Resolves once every other tab can know of it; until this page goes away. */
export function startLeaving(): Promise<void> {
  try {
    localStorage.setItem(KEY, '1');
  } catch {
    // Nothing is kept in this window, the account neither.
  }
  const { locks } = navigator;
  if (!locks) return Promise.resolve();
  return new Promise((held) => {
    void locks.request(KEY, { mode: 'shared' }, () => {
      held();
      return new Promise(() => {});
    });
  });
}

/** A tab is signing out right now. What localStorage holds reaches a busy tab late; a lock is known everywhere at once. */
export async function isSomebodyLeaving(): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === KEY);
}
