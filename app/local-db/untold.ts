import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { MessageReads } from './message-reads.ts';
import type { RowParser } from './row-parser.ts';
import { Draft, StoredSession } from './rows.ts';
import type { ChatIdb } from './schema.ts';

/** What stands on this device and the server may not have heard of: it came by snapshot, or the page went away too soon. */
export interface Untold {
  /** How far others' messages have come, in conversations of which the server was told of less. */
  delivered: ReadonlyMap<SessionId, number>;
  /** What is being written. That it was told already changes nothing: it is as old as it was. */
  drafts: readonly Draft[];
}

/** So many of one's own messages, one after the other, are looked behind for another's. */
const LOOKED_AT = 8;

export async function untoldIn(
  idb: ChatIdb,
  parser: RowParser,
  reads: MessageReads,
  me: UserId,
): Promise<Untold> {
  const stored = parser.all('sessions', StoredSession, await idb.getAll('sessions'));
  const sessions = stored.filter((session) => !session.left && !session.pendingCreate);
  const delivered = new Map<SessionId, number>();
  for (const { id, lastSeq, members } of sessions) {
    const told = members.find((member) => member.userId === me)?.deliveredSeq ?? lastSeq;
    if (told >= lastSeq) continue;
    const newest = await reads.before(idb, id, Number.POSITIVE_INFINITY, LOOKED_AT);
    const reached = newest.findLast((row) => row.userId !== me && row.local === null)?.seq ?? 0;
    if (reached > told) delivered.set(id, reached);
  }
  const held = new Set(sessions.map((session) => session.id));
  const drafts = parser.all('drafts', Draft, await idb.getAll('drafts'));
  const isTold = ({ sessionId, content }: Draft) =>
    held.has(sessionId) && content !== '' && content.length <= limits.messageLength;
  return { delivered, drafts: drafts.filter(isTold) };
}
