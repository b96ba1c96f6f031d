import { StateEvent } from '../../protocol/events.ts';
import type { LogEntry } from '../log/log-entry.ts';

const stateTypes: ReadonlySet<string> = new Set(StateEvent.options.map(({ shape }) => shape.type.value));
/** What an entry is the newest value of, looked up once for all streams that come back. */
const known = new WeakMap<LogEntry, string>();

/** Of each state among these the newest value alone, in its place, as a replay from the database has it; all events. */
export function withNewestStates<E extends { entry: LogEntry }>(entries: readonly E[]): E[] {
  const told = new Set<string>();
  const kept: E[] = [];
  for (const one of entries.toReversed()) {
    const state = stateOf(one.entry);
    if (state !== null && told.has(state)) continue;
    if (state !== null) told.add(state);
    kept.push(one);
  }
  return kept.reverse();
}

function stateOf(entry: LogEntry): string | null {
  if (!stateTypes.has(entry.type)) return null;
  const found = known.get(entry) ?? nameOf(entry);
  known.set(entry, found);
  return found;
}

function nameOf({ audience, payload }: LogEntry): string {
  // Written from an event of this type when it was appended.
  const event = JSON.parse(payload) as StateEvent;
  // Of a mark, others are told less than its owner's devices: each audience has a value of its own.
  return [event.type, 'userId' in audience, ...thingOf(event)].join(' ');
}

function thingOf(event: StateEvent): string[] {
  switch (event.type) {
    case 'receipt':
      return [event.sessionId, event.userId];
    case 'draft':
    case 'session.mine':
      return [event.sessionId];
    case 'feedback':
    case 'star':
    case 'thread.read':
      return [event.messageId];
    case 'project':
      return [event.projectId];
    case 'memory':
      return [event.memoryId];
    case 'me.updated':
      return [];
  }
}
