import type { Hub } from './hub.ts';

/**
 * Closes the streams whose auth session has ended elsewhere (another node, an administrator, expiry), so that none
 * outlives it by more than one sweep (invariant 24).
 * @param living answers which of these auth sessions are still valid
 * @returns those that are
 */
export async function closeEndedStreams<S extends { id: string }>(
  hub: Hub,
  living: (ids: string[]) => Promise<S[]>,
): Promise<S[]> {
  const open = hub.authSessions();
  if (open.length === 0) return [];
  const valid = await living(open);
  const ids = new Set(valid.map(({ id }) => id));
  for (const authSessionId of open) if (!ids.has(authSessionId)) hub.closeStreams({ authSessionId });
  return valid;
}
