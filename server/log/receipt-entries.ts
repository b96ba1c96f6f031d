import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { AppendedMark } from '../store/append-sql.ts';
import type { LogEntry } from './log-entry.ts';

/**
 * What a moved mark tells: everyone in the session what others may see of it, and then the person's own devices what
 * they read beyond that, which is nothing unless the person hides their reading.
 */
export function receiptsOf({ pos, ownPos, ownReadSeq, readSeq, ...mark }: AppendedMark): LogEntry[] {
  const { deliveredSeq } = mark;
  // The row was judged against a real membership.
  const sessionId = mark.sessionId as SessionId;
  const userId = mark.userId as UserId;
  const payload = (seq: number) =>
    JSON.stringify({ type: 'receipt', sessionId, userId, deliveredSeq, readSeq: seq });
  const entries: LogEntry[] = [];
  if (pos !== null)
    entries.push({ pos, type: 'receipt', audience: { sessionId }, payload: payload(readSeq) });
  if (ownPos !== null)
    entries.push({ pos: ownPos, type: 'receipt', audience: { userId }, payload: payload(ownReadSeq) });
  return entries;
}
