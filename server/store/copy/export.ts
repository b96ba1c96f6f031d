import { createWriteStream, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { StartError } from '../../start-error.ts';
import { type Manifest, manifestPath, tablePath } from './manifest.ts';
import { LineDigest, listTables, plainSettings, readLines, type Table } from './tables.ts';

/**
 * Writes everything in the database, as of one moment, into a directory of its own: a compressed file of JSON lines for
 * each table, and a manifest with counts and hashes. Nodes may go on writing meanwhile.
 */
export async function exportDatabase(client: pg.ClientBase, directory: string): Promise<Manifest> {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new StartError(`${directory} is not empty: an export takes a new directory.`);
  // It holds everybody's words and the hashes of their passwords.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await client.query(plainSettings);
    const migrations = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY 1',
    );
    const manifest: Manifest = {
      format: 1,
      product: 'j-star-chat',
      exportedAt: new Date().toISOString(),
      migrations: migrations.rows.map(({ name }) => name),
      tables: [],
    };
    for (const table of await listTables(client)) {
      const digest = new LineDigest();
      const file = createWriteStream(tablePath(directory, table.name), { mode: 0o600 });
      await pipeline(Readable.from(texts(client, table, digest)), createGzip(), file);
      manifest.tables.push({ name: table.name, ...digest.end() });
    }
    writeFileSync(manifestPath(directory), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    return manifest;
  } finally {
    await client.query('ROLLBACK');
  }
}

async function* texts(client: pg.ClientBase, table: Table, digest: LineDigest): AsyncGenerator<string> {
  for await (const lines of readLines(client, table)) {
    digest.add(lines);
    yield `${lines.join('\n')}\n`;
  }
}
