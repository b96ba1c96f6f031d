import type { Hub } from './hub.ts';

/** Auth sessions that this node would take on trust: whoever brings one is not looked up. */
export interface Remembered {
  authSessions(): string[];
  forget(who: { authSessionId: string }): void;
}

/**
 * Closes the streams whose auth session has ended elsewhere (another node, an administrator, expiry), so that none
 * outlives it by more than one sweep (invariant 24). What is remembered of it goes first: a device comes back at once,
 * and would have its stream again until the next sweep.
 * @param living answers which of these auth sessions are still valid
 * @returns those that are, and have an open stream
 */
export async function closeEndedStreams<S extends { id: string }>(
  hub: Pick<Hub, 'authSessions' | 'closeStreams'>,
  remembered: Remembered,
  living: (ids: string[]) => Promise<S[]>,
): Promise<S[]> {
  const open = new Set(hub.authSessions());
  const asked = new Set([...open, ...remembered.authSessions()]);
  if (asked.size === 0) return [];
  const valid = await living([...asked]);
  const ids = new Set(valid.map(({ id }) => id));
  for (const authSessionId of asked) {
    if (ids.has(authSessionId)) continue;
    remembered.forget({ authSessionId });
    hub.closeStreams({ authSessionId });
  }
  return valid.filter(({ id }) => open.has(id));
}
