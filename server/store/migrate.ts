import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { StartError } from '../start-error.ts';

// The number that Prisma's own CLI locks, so that `prisma migrate deploy` and this runner wait for each other.
const LOCK = 72_707_369;

const HISTORY = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, in hex, as Prisma writes it. */
  readonly checksum: string;
}

/** The migrations of `directory` in Prisma's layout (`<name>/migration.sql`), oldest first. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Applies what the database lacks, each migration and its history row in one transaction, under a lock that other nodes
 * wait for. Returns the names applied. Throws a StartError, with nothing changed, where history and files disagree.
 */
export async function migrate(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  onProgress: (step: string) => void,
  /** Called under the lock before anything is changed, when something is to be; may throw. */
  beforeChange: () => Promise<void> = async () => {},
): Promise<string[]> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    await client.query(HISTORY);
    const missing = await findMissing(client, migrations);
    if (missing.length > 0) await beforeChange();
    for (const migration of missing) {
      onProgress(`Applying migration ${migration.name}`);
      await apply(client, migration);
    }
    return missing.map(({ name }) => name);
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}

/** What a version is told that is older than the database. */
export const unknownMigration = (name: string) =>
  `The database has migration ${name}, which this version does not know: start the newer version.`;

async function findMissing(client: pg.ClientBase, migrations: readonly Migration[]): Promise<Migration[]> {
  const history = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  for (const row of history.rows) {
    const migration = migrations.find(({ name }) => name === row.migration_name);
    if (!migration) {
      throw new StartError(unknownMigration(row.migration_name));
    }
    if (!row.finished) {
      throw new StartError(
        `Migration ${row.migration_name} began in this database and never finished: resolve it with prisma migrate resolve.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new StartError(
        `prisma/migrations/${migration.name}/migration.sql is not what was applied to this database: restore that file.`,
      );
    }
  }
  const applied = new Set(history.rows.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed and was rolled back`, { cause: error });
  }
}
