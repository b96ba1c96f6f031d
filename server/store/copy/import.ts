import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
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
  const path = tablePath(directory, table.name);
  let waiting: string[] = [];
  const flush = async () => {
    if (waiting.length === 0) return;
    await client.query(insert, [`[${waiting.join(',')}]`]).catch((error: unknown) => {
      throw isAboutRows(error) ? unreadable(path, error) : error;
    });
    waiting = [];
  };
  for await (const line of linesOf(path)) {
    waiting.push(line);
    if (waiting.length >= LINES_PER_INSERT) await flush();
  }
  await flush();
}

/** Each line of a compressed file. Throws a StartError where it is not there, or is none. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const packed = createReadStream(path).on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked).setEncoding('utf8');
  let half = '';
  try {
    for await (const text of unpacked) {
      const lines = `${half}${text}`.split('\n');
      half = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    packed.destroy();
  }
  if (half !== '') yield half;
}

/** Whether PostgreSQL refused what it was given (classes 22 and 23), and not to take anything. */
const isAboutRows = (error: unknown) => error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');

/** Says the code alone: a message may quote what somebody wrote. */
function unreadable(path: string, error: unknown): StartError {
  const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
  return new StartError(`${path} can't be read (${code}): the export is damaged. Nothing was changed.`);
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
