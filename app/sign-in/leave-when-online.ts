import { signOut } from './auth-calls.ts';
import { isLeaving } from './leaving.ts';

/** Called once a page: tells the server as soon as there is a network, and starts anew then. */
export function leaveWhenOnline(): void {
  if (!isLeaving()) return;
  const leave = async () => {
    if (isLeaving() && (await signOut()) === null) window.location.replace('/');
  };
  window.addEventListener('online', () => void leave());
  void leave();
}
