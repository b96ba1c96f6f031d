import { UserId } from '../../protocol/ids.ts';

/** Who was signed in here last: all that is needed to open the local copy with no network. */
export const ACCOUNT_KEY = 'j-star-chat:account';

export function readLastAccount(): UserId | null {
  try {
    return UserId.safeParse(localStorage.getItem(ACCOUNT_KEY)).data ?? null;
  } catch {
    return null;
  }
}

export function rememberAccount(userId: UserId): void {
  try {
    localStorage.setItem(ACCOUNT_KEY, userId);
  } catch {
    // A private window: the next start needs the network.
  }
}

export function forgetLastAccount(): void {
  try {
    localStorage.removeItem(ACCOUNT_KEY);
  } catch {
    // Nothing was remembered there.
  }
}
