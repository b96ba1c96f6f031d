import pg from 'pg';

/** Of one node. PostgreSQL allows 100 by default: six nodes beside an operator's tools. */
const CONNECTIONS_AT_MOST = 16;

/**
 * Connections that are limited in number and time, so that whatever hangs somewhere ends, and ends in UNAVAILABLE. A
 * node that stands still in the middle of a transaction holds the log's head: PostgreSQL ends it for the others' sake.
 */
export function createPool(connectionString: string): pg.Pool {
  return new pg.Pool({
    connectionString,
    application_name: 'j-star-chat',
    max: CONNECTIONS_AT_MOST,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: 15_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 5_000,
    // When even the server's own limits are not heard of: its machine is gone.
    query_timeout: 20_000,
  });
}

/** One connection without those limits, for migrations and for moving whole databases. */
export async function connectPatiently(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: 'j-star-chat',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // What is under way rejects; without a listener it would also end this process.
  client.on('error', () => {});
  await client.connect();
  return client;
}
