import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { AGENT_ID } from '../../../protocol/ids.ts';
import { StartError } from '../../start-error.ts';
import { newEpoch } from '../epoch.ts';
import { livingNodes } from '../node-registry.ts';
import { type Manifest, readManifest, tablePath } from './manifest.ts';
import { digestOfTable, listTables, plainSettings, quoted, type Table } from './tables.ts';

const LINES_PER_INSERT = 500;

/**
 * Fills an empty database from an export, compares counts and hashes with it, and gives the database a new epoch, so
 * that devices take a fresh snapshot. All of it commits together or not at all. Throws a StartError.
 */
export async function importDatabase(client: pg.ClientBase, directory: string): Promise<Manifest> {
  const manifest = readManifest(directory);
  await client.query('BEGIN');
  try {
    await client.query(plainSettings);
    const tables = await listTables(client);
    await requireSame(client, manifest, tables);
    await requireEmpty(client, tables);
    await client.query('DELETE FROM "LogHead"; DELETE FROM "User"');
    const keys = await foreignKeys(client);
    for (const { table, name } of keys)
      await client.query(`ALTER TABLE ${table} ALTER CONSTRAINT ${name} DEFERRABLE INITIALLY DEFERRED`);
    for (const table of tables) await fill(client, table, directory);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    for (const { table, name } of keys)
      await client.query(`ALTER TABLE ${table} ALTER CONSTRAINT ${name} NOT DEFERRABLE`);
    for (const table of tables) await compare(client, table, manifest);
    await newEpoch(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  await client.query('ANALYZE');
  return manifest;
}

async function requireSame(
  client: pg.ClientBase,
  manifest: Manifest,
  tables: readonly Table[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY 1',
  );
  const here = rows.map(({ name }) => name);
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join();
  if (here.join() !== manifest.migrations.join() || names(tables) !== names(manifest.tables))
    throw new StartError(
      `This export was made by another release (newest migration ${manifest.migrations.at(-1)}, here ${here.at(-1)}): ` +
        'import it with that release, then start this one.',
    );
}

async function requireEmpty(client: pg.ClientBase, tables: readonly Table[]): Promise<void> {
  if ((await livingNodes(client, null)).length > 0)
    throw new StartError('A node runs on this database: stop all nodes, wait 15 s, and import then.');
  for (const { name } of tables) {
    const ours = name === 'LogHead' ? 'true' : name === 'User' ? 'id = $1' : 'false';
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${quoted(name)} WHERE NOT (${ours})`,
      name === 'User' ? [AGENT_ID] : [],
    );
    if (rows[0]?.n)
      throw new StartError(
        `The database is not empty ("${name}" has ${rows[0].n} rows): an import takes an empty one. Nothing was changed.`,
      );
  }
}

async function foreignKeys(client: pg.ClientBase): Promise<{ table: string; name: string }[]> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name FROM pg_constraint
     WHERE contype = 'f' AND NOT condeferrable AND connamespace = to_regnamespace(quote_ident(current_schema()))`,
  );
  return rows;
}

async function fill(client: pg.ClientBase, table: Table, directory: string): Promise<void> {
  const columns = table.columns.map(quoted).join(', ');
  const insert = `INSERT INTO ${quoted(table.name)} (${columns})
    SELECT ${columns} FROM json_populate_recordset(NULL::${quoted(table.name)}, $1::json)`;
  let waiting: string[] = [];
  const flush = async () => {
    if (waiting.length > 0) await client.query(insert, [`[${waiting.join(',')}]`]);
    waiting = [];
  };
  const lines = createInterface({
    input: createReadStream(tablePath(directory, table.name)).pipe(createGunzip()),
  });
  for await (const line of lines) {
    waiting.push(line);
    if (waiting.length >= LINES_PER_INSERT) await flush();
  }
  await flush();
}

async function compare(client: pg.ClientBase, table: Table, manifest: Manifest): Promise<void> {
  const wanted = manifest.tables.find(({ name }) => name === table.name);
  const found = await digestOfTable(client, table);
  if (found.rows === wanted?.rows && found.sha256 === wanted.sha256) return;
  throw new StartError(
    `"${table.name}" would not be what was exported (${found.rows} rows of ${wanted?.rows}): the export is damaged. ` +
      'Nothing was changed.',
  );
}
