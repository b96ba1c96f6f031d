import type { UserId } from '../../protocol/ids.ts';
import { ACCOUNT_KEY, readLastAccount } from './last-account.ts';

/** Tells when somebody else has signed in here, in another tab; also before this was called. */
export function watchLastAccount(userId: UserId, onOther: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === ACCOUNT_KEY && event.newValue !== null && event.newValue !== userId) onOther();
  };
  window.addEventListener('storage', listener);
  const last = readLastAccount();
  if (last !== null && last !== userId) onOther();
  return () => window.removeEventListener('storage', listener);
}
