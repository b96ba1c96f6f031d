import { watchLastAccount } from '../sign-in/watch-last-account.ts';
import type { ChatClient } from '../sync/chat-client.ts';
import { showBadge } from './badge.ts';
import { keepStorage } from './keep-storage.ts';
import { wakeServiceWorker } from './wake-service-worker.ts';

/** What a page does for its account beside what it shows; none of it is waited for. Returns how to end it. */
export function workBesideTheScreen(client: ChatClient): () => void {
  void keepStorage();
  const offs = [
    watchLastAccount(client.me.get().id, () => window.location.reload()),
    wakeServiceWorker(client),
    showBadge(client),
  ];
  return () => {
    for (const off of offs) off();
  };
}
