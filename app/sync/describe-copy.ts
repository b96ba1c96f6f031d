import { fingerprintOf } from '../../protocol/fingerprint.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { isCounted } from '../../protocol/outbox.ts';
import type { Input } from '../../protocol/procedures.ts';
import type { LocalDb } from '../local-db/local-db.ts';

export type AskedSession = Input<'sync.verify'>['sessions'][number];

/**
 * What this device holds of a conversation, by fingerprints of blocks of seqs, the newest first. Null when it is not at
 * rest: something of it waits here, or it is not the server's yet, or no longer mine.
 */
export async function describeCopy(
  db: LocalDb,
  sessionId: SessionId,
  blocksAtMost: number,
): Promise<AskedSession | null> {
  const session = await db.getSession(sessionId);
  if (!session || session.left || session.pendingCreate) return null;
  const outbox = await db.listOutbox();
  if (outbox.some((entry) => entry.sessionId === sessionId && isCounted(entry.op))) return null;
  const { lastSeq } = session;
  const span = limits.verifyBlockSeqs;
  // Where older messages are not here, the copy begins with the first row held.
  const start = session.hasOlder ? ((await db.oldestSeq(sessionId)) ?? lastSeq + 1) : 0;
  const blocks: AskedSession['blocks'] = [];
  for (let first = lastSeq - (lastSeq % span); first + span > start && first >= 0; first -= span) {
    if (blocks.length === blocksAtMost) break;
    const from = Math.max(first, start);
    const to = Math.min(first + span - 1, lastSeq);
    if (from > to) continue;
    blocks.push({ from, to, fingerprint: fingerprintOf(await db.messagesBetween(sessionId, from, to)) });
  }
  return { sessionId, lastSeq, blocks };
}
