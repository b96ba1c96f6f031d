import { randomInt } from 'node:crypto';
import type pg from 'pg';

/** Tells one database from another in every cursor: twelve random characters of base 36. */
export function mintEpoch(): string {
  return Array.from({ length: 12 }, () => randomInt(36).toString(36)).join('');
}

/**
 * A database that was restored is another one: positions that devices have already seen will be given out again. With a
 * new epoch every cursor is foreign, and devices take a fresh snapshot (invariant 9).
 */
export async function newEpoch(client: pg.ClientBase): Promise<string> {
  const epoch = mintEpoch();
  await client.query('UPDATE "LogHead" SET epoch = $1 WHERE id = 1', [epoch]);
  return epoch;
}

/**
 * The same without an operator: a node has seen positions that this database gives out again, as after a failover to a
 * standby that lacked the last moments. Only the first of several nodes changes it.
 */
export async function leaveEpoch(pool: pg.Pool, epoch: string): Promise<void> {
  await pool.query('UPDATE "LogHead" SET epoch = $1 WHERE id = 1 AND epoch = $2', [mintEpoch(), epoch]);
}
