// npm run db:new-migration -- <name>: writes prisma/migrations/<time>_<name>/migration.sql with what prisma/schema.prisma
// has and the existing migrations lack, found on a scratch database. Read it before you commit it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../server/store/embedded-postgres.ts';
import { migrate, readMigrations } from '../server/store/migrate.ts';
import { schemaDiff } from './schema-diff.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const migrationsDir = join(project, 'prisma/migrations');

async function main(given: string | undefined): Promise<void> {
  if (!given || !/^([0-9]{14}_)?[a-z][a-z0-9_]*$/.test(given)) {
    throw new Error(
      'Give the migration a name of small letters, digits and _, e.g. npm run db:new-migration -- add_tags',
    );
  }
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const name = /^\d{14}_/.test(given) ? given : `${time}_${given}`;
  const sql = await findDifference(name);
  if (sql === '') return console.log('The migrations already say everything that prisma/schema.prisma says.');
  const directory = join(migrationsDir, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), `${sql}\n`);
  console.log(`Wrote prisma/migrations/${name}/migration.sql`);
}

async function findDifference(name: string): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-scratch-'));
  const server = await startEmbeddedPostgres({ dataDir, onProgress: () => {}, settings: { fsync: 'off' } });
  try {
    const client = new pg.Client(server.url('postgres'));
    await client.connect();
    const earlier = readMigrations(migrationsDir).filter((migration) => migration.name < name);
    await migrate(client, earlier, () => {}).finally(() => client.end());
    const schema = readFileSync(join(project, 'prisma/schema.prisma'), 'utf8');
    return await schemaDiff({ url: server.url('postgres'), schema });
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}

await main(process.argv[2]);
