import { UserId } from '../../protocol/ids.ts';

/** Who was signed in here last: all that is needed to open the local copy with no network. */
const KEY = 'j-star-chat:account';

export function readLastAccount(): UserId | null {
  try {
    return UserId.safeParse(localStorage.getItem(KEY)).data ?? null;
  } catch {
    return null;
  }
}

export function rememberAccount(userId: UserId): void {
  try {
    localStorage.setItem(KEY, userId);
  } catch {
    // A private window: the next start needs the network.
  }
}

export function forgetLastAccount(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered there.
  }
}

/** Tells when somebody else has signed in here, in another tab. */
export function watchLastAccount(userId: UserId, onOther: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === KEY && event.newValue !== null && event.newValue !== userId) onOther();
  };
  window.addEventListener('storage', listener);
  return () => window.removeEventListener('storage', listener);
}
