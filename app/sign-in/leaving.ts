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

export function startLeaving(): void {
  try {
    localStorage.setItem(KEY, '1');
  } catch {
    // Nothing is kept in this window, the account neither.
  }
}
