import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { openDatabase } from '../server/store/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../server/store/embedded-postgres.ts';
import { withClient } from '../tests/support/with-client.ts';

export interface BenchDatabase {
  /** Of a fresh, empty database of that server. */
  create(): Promise<string>;
  /** One that the product can start on. */
  migrated(): Promise<string>;
  query(url: string, text: string, values?: unknown[]): Promise<pg.QueryResult>;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL as the product runs it, durable as it is; each measurement gets a database of its own. */
export async function startDatabase(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-bench-'));
  const server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, onProgress: () => {} });
  let made = 0;
  const query = (url: string, text: string, values: unknown[] = []) =>
    withClient(url, (client) => client.query(text, values));
  const create = async () => {
    made += 1;
    await query(server.url('postgres'), `CREATE DATABASE bench_${made}`);
    return server.url(`bench_${made}`);
  };
  return {
    create,
    async migrated() {
      const url = await create();
      const { close } = await openDatabase({ url, dataDir: '', onProgress: () => {} });
      await close();
      return url;
    },
    query,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
