import type { ChatClient } from '../sync/chat-client.ts';

/** Chromium's Background Sync, which TypeScript does not know and Safari and Firefox do not have. */
interface SyncManager {
  register(tag: string): Promise<void>;
}

/**
 * While something waits here, asks the browser to wake the service worker once the network is back, also when no page
 * is open then. A help and no more: pages drain by themselves (invariant 23).
 */
export function wakeServiceWorker(client: ChatClient): () => void {
  let isAsked = false;
  const ask = async () => {
    const waiting = await client.unsent().catch(() => 0);
    if (waiting === 0) {
      isAsked = false;
      return;
    }
    if (isAsked) return;
    isAsked = true;
    const registration = await navigator.serviceWorker?.getRegistration();
    const sync = registration && 'sync' in registration ? (registration.sync as SyncManager) : null;
    await sync?.register('outbox').catch(() => {});
  };
  void ask();
  return client.db.subscribe(['outbox'], () => void ask());
}
