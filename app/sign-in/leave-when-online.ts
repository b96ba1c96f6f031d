import { importPart } from '../parts/import-part.ts';
import { isLeaving } from './leaving.ts';

/** Called once a page: tells the server as soon as there is a network, and starts anew then. */
export function leaveWhenOnline(): void {
  if (!isLeaving()) return;
  const leave = async () => {
    const { signOut } = await importPart(() => import('./auth-calls.ts'));
    if (isLeaving() && (await signOut()) === null) window.location.replace('/');
  };
  window.addEventListener('online', () => void leave().catch(() => {}));
  leave().catch(() => {});
}
