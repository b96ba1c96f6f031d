import type { Database } from './database.ts';

/**
 * Does what only one node may do at a time. It holds one connection as long as that takes, and no transaction: a node
 * that dies lets go of it with its connection.
 * @returns null, at once, where another one is at it
 */
export async function exclusively<T extends object>(
  { pool }: Pick<Database, 'pool'>,
  name: string,
  task: () => Promise<T>,
): Promise<T | null> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener a connection that ends while nothing is asked of it would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const { rows } = await client.query<{ isOurs: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isOurs"',
      [name],
    );
    if (!rows[0]?.isOurs) return null;
    try {
      return await task();
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(onError);
    }
  } finally {
    client.off('error', onError);
    // One that may still hold it goes back to nobody.
    client.release(broken);
  }
}
