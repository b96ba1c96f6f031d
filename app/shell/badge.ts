import { isMuted } from '../inbox/muted.ts';
import type { ChatClient } from '../sync/chat-client.ts';

/** The number on the app's icon: conversations' unread messages, as the list counts them. Returns how to end it. */
export function showBadge(client: ChatClient): () => void {
  if (!('setAppBadge' in navigator)) return () => {};
  const show = async () => {
    const rows = await client.db.listSessions().catch(() => null);
    if (!rows) return;
    const unread = rows.reduce((sum, row) => sum + (isMuted(row.mine) ? row.mentions : row.unread), 0);
    // Refused where the app is not installed.
    await (unread > 0 ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});
  };
  void show();
  return client.db.subscribe(['sessions'], () => void show());
}
