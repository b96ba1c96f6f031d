import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Database } from '../store/database.ts';
import { readHead } from '../store/head-sql.ts';
import { type ReadAfter, readAfter, readRange } from '../store/read-after-sql.ts';
import type { LogEntry } from './log-entry.ts';

export type { ReadAfter };

/** Reading the log: after an account's cursor, or whatever others wrote. */
export interface LogReader {
  /** What one account may see after a position, with head and memberships, from one snapshot. */
  after(userId: UserId, pos: number, limit: number, bytesAtMost: number): Promise<ReadAfter>;
  /** Everything in (after, upTo], whoever may see it. */
  range(after: number, upTo: number): Promise<LogEntry[]>;
  head(): Promise<{ epoch: string; pos: number }>;
}

export function createLogReader({ pool }: Database): LogReader {
  return {
    after: (userId, pos, limit, bytesAtMost) => readAfter(pool, userId, pos, limit, bytesAtMost),
    head: () => readHead(pool),
    async range(after, upTo) {
      const rows = await readRange(pool, after, upTo);
      return rows.map(({ pos, type, payload, sessionId, userId }) => ({
        pos,
        type,
        payload,
        // Each row has exactly one of the two, both written through their schemas.
        audience: sessionId === null ? { userId: userId as UserId } : { sessionId: sessionId as SessionId },
      }));
    },
  };
}
