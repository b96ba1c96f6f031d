import { en } from '../messages/en.ts';
import { signOut } from '../sign-in/auth-calls.ts';
import { forgetLastAccount } from '../sign-in/last-account.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** Signs out and leaves nothing of the account here (invariant 26); warns of what would be lost (invariant 25). */
export async function leaveDevice(client: ChatClient): Promise<void> {
  const unsent = await client.unsent();
  if (unsent > 0 && !window.confirm(en.settings.signOutUnsent(unsent))) return;
  if (unsent === 0 && client.me.get().isGuest && !window.confirm(en.settings.signOutGuest)) return;
  forgetLastAccount();
  await client.wipe();
  if ('caches' in window) for (const name of await caches.keys()) await caches.delete(name);
  // Offline the cookie outlives this; the copy on the device does not.
  await signOut();
  window.location.assign('/');
}
