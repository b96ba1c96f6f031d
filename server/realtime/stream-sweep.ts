import type { Hub } from './hub.ts';

/**
 * Closes the streams whose auth session has ended elsewhere (another node, an administrator, expiry), so that none
 * outlives it by more than one sweep (invariant 24).
 * @param living answers which of these auth sessions are still valid
 */
export async function closeEndedStreams(
  hub: Hub,
  living: (ids: string[]) => Promise<string[]>,
): Promise<void> {
  const open = hub.authSessions();
  if (open.length === 0) return;
  const valid = new Set(await living(open));
  for (const authSessionId of open) if (!valid.has(authSessionId)) hub.closeStreams({ authSessionId });
}
