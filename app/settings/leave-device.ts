import { en } from '../messages/en.ts';
import { forgetConversation } from '../shell/last-conversation.ts';
import { signOut } from '../sign-in/auth-calls.ts';
import { forgetLastAccount } from '../sign-in/last-account.ts';
import { startLeaving } from '../sign-in/leaving.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** Signs out and leaves nothing of the account here (invariant 26); warns of what would be lost (invariant 25). */
export async function leaveDevice(client: ChatClient): Promise<void> {
  const unsent = await client.unsent();
  if (unsent > 0 && !window.confirm(en.settings.signOutUnsent(unsent))) return;
  if (unsent === 0 && client.me.get().isGuest && !window.confirm(en.settings.signOutGuest)) return;
  // First of all: whatever happens in the middle, nobody's copy is opened here again.
  await startLeaving();
  try {
    await clearAway(client);
  } finally {
    // Offline the cookie outlives this, and the server is told later (leave-when-online.ts); the copy does not.
    await signOut();
    window.location.assign('/');
  }
}

/** Nothing of the account stays on this device: copy, caches, push, badge, what is remembered between visits. */
export async function clearAway(client: ChatClient): Promise<void> {
  forgetLastAccount();
  forgetConversation();
  await client.wipe();
  await unsubscribeFromPush().catch(() => {});
  // What the service worker precaches is the app itself, nobody's data; without it nothing would start offline.
  if ('caches' in window)
    for (const name of await caches.keys()) if (!name.includes('precache')) await caches.delete(name);
  await navigator.clearAppBadge?.().catch(() => {});
}

/** Throws the copy away and fetches it anew; nobody is signed out. Asks first about what waits here. */
export async function clearDevice(client: ChatClient): Promise<void> {
  const unsent = await client.unsent();
  if (unsent > 0 && !window.confirm(en.storage.clearUnsent(unsent))) return;
  await client.wipe();
  window.location.assign('/chat');
}

/** Nothing of the account is to appear on this device's lock screen either. */
async function unsubscribeFromPush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}
