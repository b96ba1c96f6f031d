import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts';
import { migrate, readMigrations } from '../../server/store/migrate.ts';
import { withClient } from './with-client.ts';

export const TEMPLATE = 'jstar_template';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the shared server's maintenance database. */
    databaseServer: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated database that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-tests-'));
  // Not durable: what these tests lose in a power cut, nobody misses.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '400',
  };
  const server = await startEmbeddedPostgres({ dataDir, onProgress: () => {}, settings });
  await createTemplate(server.url('postgres'), server.url(TEMPLATE));
  project.provide('databaseServer', server.url('postgres'));
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

async function createTemplate(maintenanceUrl: string, templateUrl: string): Promise<void> {
  await withClient(maintenanceUrl, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
  const migrations = readMigrations(fileURLToPath(new URL('../../prisma/migrations', import.meta.url)));
  await withClient(templateUrl, (client) => migrate(client, migrations, () => {}));
}
