import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ChatError } from '../protocol/errors.ts';
import { prepareDataDir } from './data-dir.ts';
import { grantRole, roles } from './domain/grant-role.ts';
import { type Env, loadEnv } from './env.ts';
import { UploadFiles } from './files/upload-files.ts';
import { Log } from './log/log.ts';
import { StartError } from './start-error.ts';
import { exportDatabase } from './store/copy/export.ts';
import { importDatabase } from './store/copy/import.ts';
import { type Database, openDatabase } from './store/database.ts';
import { newEpoch } from './store/epoch.ts';
import { livingNodes } from './store/node-registry.ts';

const USAGE = `Commands, for the database of DATABASE_URL or, without it, the embedded one of a server that is stopped:
  export <directory>       writes everything into a new directory (npm run db:export -- <directory>)
  import <directory>       fills an empty database from it (npm run db:import -- <directory>)
  new-epoch                after a restore: devices take a fresh snapshot (npm run admin -- new-epoch)
  grant <e-mail> [role]    makes somebody ${roles.join(', ')}; admin unless said otherwise`;

type Command = (database: Database, args: readonly string[], env: Env) => Promise<void>;

/** What an operator does with the database beside the server: the second place that constructs things. */
const commands: Record<string, { takes: number[]; run: Command }> = {
  export: { takes: [1], run: runExport },
  import: { takes: [1], run: runImport },
  'new-epoch': { takes: [0], run: runNewEpoch },
  grant: { takes: [1, 2], run: runGrant },
};

async function runExport(database: Database, [directory = '']: readonly string[], env: Env): Promise<void> {
  const target = resolve(directory);
  const { tables } = await database.withPatientClient((client) => exportDatabase(client, target));
  const uploads = join(env.dataDir, 'uploads');
  if (existsSync(uploads)) cpSync(uploads, join(target, 'uploads'), { recursive: true });
  for (const { name, rows, sha256 } of tables) console.log(`${name} ${rows} rows, sha256 ${sha256}`);
  console.log(`Exported ${database.description} to ${target}.`);
}

async function runImport(database: Database, [directory = '']: readonly string[], env: Env): Promise<void> {
  const source = resolve(directory);
  const { tables } = await database.withPatientClient((client) => importDatabase(client, source));
  const uploads = join(source, 'uploads');
  if (existsSync(uploads)) cpSync(uploads, join(env.dataDir, 'uploads'), { recursive: true });
  for (const { name, rows } of tables) console.log(`${name} ${rows} rows, counts and hashes equal`);
  console.log(`Imported ${source} into ${database.description}; devices will take a fresh snapshot.`);
}

async function runNewEpoch(database: Database): Promise<void> {
  if ((await livingNodes(database.pool, null)).length > 0)
    throw new StartError(
      'A node runs on this database: stop all nodes, wait 15 s, and change the epoch then.',
    );
  const epoch = await database.withPatientClient(newEpoch);
  console.log(`The epoch of ${database.description} is ${epoch} now: devices will take a fresh snapshot.`);
}

async function runGrant(
  database: Database,
  [email = '', given = 'admin']: readonly string[],
  env: Env,
): Promise<void> {
  const role = roles.find((one) => one === given);
  if (!role) throw new StartError(`"${given}" is no role: there are ${roles.join(', ')}.`);
  const log = new Log(
    database,
    () => {},
    () => {},
  );
  const deps = {
    database,
    log,
    publicUrl: env.publicUrl,
    uploads: new UploadFiles(join(env.dataDir, 'uploads')),
    fileQueue: <T>(work: () => Promise<T>) => work(),
    mentionsAgent: () => false,
  };
  try {
    const me = await grantRole(deps, email, role);
    console.log(`${me.name} (${me.email}) is ${me.role} now.`);
  } finally {
    await log.close();
  }
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command?.takes.includes(args.length)) throw new StartError(USAGE);
  const env = loadEnv();
  prepareDataDir(env.dataDir);
  const database = await openDatabase({ url: env.databaseUrl, dataDir: env.dataDir, onProgress: () => {} });
  try {
    await command.run(database, args, env);
  } finally {
    await database.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isExpected = error instanceof StartError || error instanceof ChatError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}
