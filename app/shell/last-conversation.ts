import { SessionId } from '../../protocol/ids.ts';

/** Where this device was last: an installed app opens there again. */
const KEY = 'j-star-chat:conversation';

export function readLastConversation(): SessionId | null {
  try {
    return SessionId.safeParse(localStorage.getItem(KEY)).data ?? null;
  } catch {
    return null;
  }
}

export function rememberConversation(sessionId: SessionId): void {
  try {
    localStorage.setItem(KEY, sessionId);
  } catch {
    // A private window: the next start shows the list.
  }
}

export function forgetConversation(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered there.
  }
}
