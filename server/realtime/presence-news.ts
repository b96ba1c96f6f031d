import { z } from 'zod';
import { SessionId, type UserId } from '../../protocol/ids.ts';
import { Presence } from '../../protocol/shapes.ts';
import type { Hub } from './hub.ts';

/** A change of somebody's presence, and whom it concerns. */
export const PresenceNews = z.object({
  presence: Presence,
  /** They do not let others see whether they are here. */
  isHidden: z.boolean(),
  /** Theirs: whoever is in one of them is told. */
  sessions: z.array(SessionId),
});
export type PresenceNews = z.infer<typeof PresenceNews>;

/** Tells one node's streams: the person's own devices the truth, others what they may see. */
export function tellPresence(hub: Pick<Hub, 'peersOf' | 'tellAccounts'>, news: PresenceNews): void {
  const { presence, isHidden, sessions } = news;
  const { userId } = presence;
  const peers = hub.peersOf(sessions);
  peers.delete(userId);
  hub.tellAccounts([userId], { type: 'presence', ...presence });
  hub.tellAccounts(peers, { type: 'presence', ...(isHidden ? nothingOf(userId) : presence) });
}

/** What is told of somebody who hides. */
export function nothingOf(userId: UserId): Presence {
  return { userId, status: 'offline', lastSeen: null, activity: null };
}
