import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { AGENT_ID } from '../../protocol/ids.ts';
import { StartError } from '../start-error.ts';
import { checkServer, isRefusal, whyNot } from './check-server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { mintEpoch } from './epoch.ts';
import { PrismaClient } from './generated/client.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';
import { refuseBesideOlderNodes } from './node-registry.ts';
import { connectPatiently, createPool } from './pool.ts';

export interface Database {
  readonly prisma: PrismaClient;
  /** For the hot statements; Prisma draws from the same pool. */
  readonly pool: pg.Pool;
  /** For people: which server, which database, never a password. */
  readonly description: string;
  /** Its newest migration, which is also the newest that this release knows. */
  readonly schema: string;
  /** Lends a connection of its own, without limits of time, for moving the whole of it. */
  withPatientClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** Ends all connections and, where it is embedded, the server. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://…`, or null for an embedded server in `dataDir`. */
  url: string | null;
  dataDir: string;
  /** Told each step as it begins, in words for the terminal. */
  onProgress(step: string): void;
  /** Told when an idle connection is lost; the pool replaces it. */
  onConnectionLost?(error: Error): void;
}

// Both server/store/ and the bundle in build/server/ lie two levels below the project.
const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Opens the database, migrated and with the rows that everything else takes for granted. Throws StartError. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const embedded = options.url === null ? await startEmbeddedPostgres(options) : null;
  const connectionString = embedded?.url('postgres') ?? options.url ?? '';
  const description = embedded
    ? `embedded PostgreSQL in ${options.dataDir}`
    : describeServer(connectionString);
  const migrations = readMigrations(migrationsDir);
  try {
    await prepare(connectionString, migrations, options, description);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  const pool = createPool(connectionString);
  // Without a listener a restarted database would end this process.
  pool.on('error', (error) => options.onConnectionLost?.(error));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const schema = migrations.at(-1)?.name ?? 'none';
  return {
    prisma,
    pool,
    description,
    schema,
    async withPatientClient(work) {
      const client = await connectPatiently(connectionString);
      return work(client).finally(() => client.end());
    },
    close: closeOnce(prisma, pool, embedded),
  };
}

function closeOnce(
  prisma: PrismaClient,
  pool: pg.Pool,
  embedded: EmbeddedPostgres | null,
): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
    await embedded?.stop();
  };
  return () => {
    closing ??= close();
    return closing;
  };
}

async function prepare(
  connectionString: string,
  migrations: readonly Migration[],
  options: DatabaseOptions,
  description: string,
): Promise<void> {
  const isEmbedded = options.url === null;
  const unusable = (error: unknown) => {
    if (!isEmbedded) return whyNot(error, description, userOf(connectionString));
    const why = error instanceof Error ? error.message : String(error);
    return new StartError(
      `The database (${description}) can't be used (${why}): restore DATA_DIR from a backup, or move it away to begin ` +
        'with an empty one; nothing in it was deleted.',
    );
  };
  const client = await connectPatiently(connectionString).catch((error: unknown) => {
    throw unusable(error);
  });
  try {
    await checkServer(client, description);
    await migrate(client, migrations, options.onProgress, async () => {
      // Nobody else can have opened an embedded one: what it says of nodes is of the past.
      if (!isEmbedded) await refuseBesideOlderNodes(client, migrations.at(-1)?.name ?? 'none');
    });
    await ensureRows(client);
    if (isEmbedded) await client.query('DELETE FROM "ServerNode"');
  } catch (error) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    throw isDamage(cause) || isRefusal(cause) ? unusable(cause) : error;
  } finally {
    await client.end();
  }
}

/** Whether PostgreSQL reports broken or missing files of its own (error classes 58 and XX). */
function isDamage(error: unknown): error is Error {
  return error instanceof pg.DatabaseError && /^(58|XX)/.test(error.code ?? '');
}

async function ensureRows(client: pg.ClientBase): Promise<void> {
  await client.query('INSERT INTO "LogHead" (id, epoch) VALUES (1, $1) ON CONFLICT DO NOTHING', [
    mintEpoch(),
  ]);
  await client.query(
    `INSERT INTO "User" (id, name, email, "updatedAt") VALUES ($1, 'Agent Jay', 'ai-agent@agents.invalid', now())
     ON CONFLICT DO NOTHING`,
    [AGENT_ID],
  );
}

function describeServer(connectionString: string): string {
  const { hostname, port, pathname, searchParams } = new URL(connectionString);
  return `PostgreSQL at ${searchParams.get('host') ?? hostname}:${port || '5432'}${pathname}`;
}

function userOf(connectionString: string): string {
  const { username } = new URL(connectionString);
  try {
    return decodeURIComponent(username) || process.env.PGUSER || 'nobody';
  } catch {
    // A % that begins nothing: what is told is what was written.
    return username;
  }
}
