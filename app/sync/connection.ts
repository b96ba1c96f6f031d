/** How this device stands with the server: one value, no booleans beside it. Times are milliseconds since 1970. */
export type ConnectionState =
  | { kind: 'offline' }
  | { kind: 'connecting'; attempt: number }
  | { kind: 'live'; since: number }
  | { kind: 'waiting'; until: number; attempt: number }
  | { kind: 'signed-out' };

export type ConnectionKind = ConnectionState['kind'];

/** Every step that may be taken; any other is a mistake in the code and throws. */
const allowed: Record<ConnectionKind, readonly ConnectionKind[]> = {
  offline: ['connecting', 'signed-out'],
  connecting: ['live', 'waiting', 'offline', 'connecting', 'signed-out'],
  live: ['waiting', 'offline', 'connecting', 'signed-out'],
  waiting: ['connecting', 'offline', 'waiting', 'signed-out'],
  'signed-out': ['connecting', 'offline'],
};

export function step(from: ConnectionState, to: ConnectionState): ConnectionState {
  if (from.kind === to.kind && from.kind !== 'waiting' && from.kind !== 'connecting') return from;
  if (!allowed[from.kind].includes(to.kind))
    throw new Error(`A connection cannot go from ${from.kind} to ${to.kind}`);
  return to;
}
