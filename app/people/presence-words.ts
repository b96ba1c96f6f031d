import type { Presence } from '../../protocol/shapes.ts';
import { shortWhen } from '../inbox/when.ts';
import { en } from '../messages/en.ts';

/** Whether somebody is here, and what they say that they are doing; or when they were here last. */
export function presenceWords(presence: Presence | undefined): string {
  if (!presence || presence.status === 'offline') {
    return presence?.lastSeen ? en.presence.lastSeen(shortWhen(presence.lastSeen)) : en.presence.offline;
  }
  return presence.activity
    ? `${en.presence[presence.status]} · ${presence.activity}`
    : en.presence[presence.status];
}
