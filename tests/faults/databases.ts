import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';
import { withClient } from '../support/with-client.ts';

export interface Databases {
  /** A migrated database of one's own; resolves with its connection string. */
  create(): Promise<string>;
  drop(url: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One PostgreSQL for a run of schedules. It is not durable, for it outlives every server that is killed here; the
 * settings that are durable are tested in server/store/embedded-postgres.test.ts.
 */
export async function createDatabases(dataDir: string): Promise<Databases> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await startEmbeddedPostgres({ dataDir, onProgress: () => {}, settings });
  const maintenance = (sql: string) => withClient(server.url('postgres'), (client) => client.query(sql));
  await maintenance('CREATE DATABASE template');
  const migrations = readMigrations(fileURLToPath(new URL('../../prisma/migrations', import.meta.url)));
  await withClient(server.url('template'), (client) => migrate(client, migrations, () => {}));
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
