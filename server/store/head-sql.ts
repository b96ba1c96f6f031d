import type pg from 'pg';
import type { Tx } from './prisma-types.ts';

export interface LogHead {
  /** Names this database; changes on restore. */
  epoch: string;
  /** Newest position of the log. */
  pos: number;
}

const NO_HEAD = 'The log has no head: the database was not migrated';

export async function readHead(pool: pg.Pool): Promise<LogHead> {
  const result = await pool.query<LogHead>('SELECT epoch, pos::float8 AS pos FROM "LogHead" WHERE id = 1');
  const head = result.rows[0];
  if (!head) throw new Error(NO_HEAD);
  return head;
}

/** The head as this transaction's snapshot has it. */
export async function readHeadIn(tx: Tx): Promise<LogHead> {
  const [head] = await tx.$queryRaw<LogHead[]>`SELECT epoch, pos::float8 AS pos FROM "LogHead" WHERE id = 1`;
  if (!head) throw new Error(NO_HEAD);
  return head;
}

/** Takes the log's head, the lock that every append holds until its commit, and the moment of the change. */
export async function lockHead(tx: Tx): Promise<{ pos: number; now: Date }> {
  const [head] = await tx.$queryRaw<{ pos: number; now: Date }[]>`
    SELECT pos::float8 AS pos, date_trunc('milliseconds', clock_timestamp()) AS now FROM "LogHead" WHERE id = 1 FOR UPDATE`;
  if (!head) throw new Error(NO_HEAD);
  return head;
}
