import type { SessionId } from '../../protocol/ids.ts';
import type { Change } from '../log/change.ts';
import { readSession } from './shapes.ts';

/** Tells everyone in a conversation who its members are now, after a name, a picture or a role of one changed. */
export async function announceMembers(change: Change, sessionId: SessionId): Promise<void> {
  await change.append(sessionId, async () => {
    const { members } = await readSession(change.tx, sessionId, null);
    return { type: 'session.updated', changes: { members }, at: change.at };
  });
}
