import type pg from 'pg';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import { readHead } from '../store/head-sql.ts';
import { readRange } from '../store/read-after-sql.ts';
import type { HubOptions } from './hub.ts';

/** What a hub asks of the database: where the log stands now, and what others wrote. */
export async function hubReads(pool: pg.Pool): Promise<Pick<HubOptions, 'epoch' | 'pos' | 'readRange' | 'readHeadPos'>> {
  const head = await readHead(pool);
  return {
    ...head,
    readHeadPos: async () => (await readHead(pool)).pos,
    readRange: async (after, upTo) =>
      (await readRange(pool, after, upTo)).map(({ pos, type, payload, sessionId, userId }) => ({
        pos,
        type,
        payload,
        // Each row has exactly one of the two, both written through their schemas.
        audience: sessionId === null ? { userId: userId as UserId } : { sessionId: sessionId as SessionId },
      })),
  };
}
