import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { TEMPLATE } from './global-setup.ts';
import { withClient } from './with-client.ts';

export interface TestDatabase {
  readonly database: Database;
  /** For whoever opens the same database a second time: another node, a script. */
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of one's own, migrated, with the log's head and Agent Jay in it: for one test file or one test. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await copyTemplate();
  const database = await openDatabase({ url, dataDir: '', onProgress: () => {} });
  return {
    database,
    url,
    async drop() {
      await database.close();
      await drop();
    },
  };
}

/** The same database once more, as another node's. */
export async function openTestDatabase(url: string): Promise<TestDatabase> {
  const database = await openDatabase({ url, dataDir: '', onProgress: () => {} });
  return { database, url, drop: () => database.close() };
}

/** A database without any table, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return copyTemplate('template0');
}

async function copyTemplate(template: string = TEMPLATE): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('databaseServer');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const query = (sql: string) => withClient(server, (client) => client.query(sql));
  await query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await query(`DROP DATABASE ${name} WITH (FORCE)`)) };
}
