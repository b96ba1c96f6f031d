import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';

export interface Databases {
  /** A migrated database of one's own; resolves with its connection string. */
  create(): Promise<string>;
  drop(url: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One PostgreSQL for a run of schedules. It is not durable, for it outlives every server that is killed here; that what
 * was acknowledged survives the end of the database itself is proved in database-faults.test.ts.
 */
export async function createDatabases(dataDir: string): Promise<Databases> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startEmbeddedPostgres({ dataDir, onProgress: () => {}, settings });
  const maintenance = (sql: string) => query(server.url('postgres'), (client) => client.query(sql));
  await maintenance('CREATE DATABASE template');
  const migrations = readMigrations(fileURLToPath(new URL('../../prisma/migrations', import.meta.url)));
  await query(server.url('template'), (client) => migrate(client, migrations, () => {}));
  return {
    async create() {
      const name = `schedule_${randomBytes(8).toString('hex')}`;
      await maintenance(`CREATE DATABASE ${name} TEMPLATE template`);
      return server.url(name);
    },
    async drop(url) {
      await maintenance(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
    },
    stop: () => server.stop(),
  };
}

async function query(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
