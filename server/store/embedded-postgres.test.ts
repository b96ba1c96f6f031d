import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { withClient } from '../../tests/support/with-client.ts';
import { openDatabase } from './database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { readPidFile } from './postmaster.ts';
import { isPostmasterOf } from './process-identity.ts';

let dataDir: string;
let directory: string;
let started: { stop(): Promise<void> }[];

let seed: string;
beforeAll(async () => {
  seed = mkdtempSync(join(tmpdir(), 'jstar-seed-'));
  await (await startEmbeddedPostgres({ dataDir: seed, onProgress: () => {} })).stop();
});
afterAll(() => rmSync(seed, { recursive: true }));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'jstar-embedded-'));
  directory = join(dataDir, 'postgres');
  started = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of started) await one.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A database that an earlier run made and stopped. */
function leaveStopped(): void {
  cpSync(join(seed, 'postgres'), directory, { recursive: true });
}

async function start(steps: string[] = []): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, onProgress: (step) => steps.push(step) });
  started.push(postgres);
  return postgres;
}

/** Runs it in a process of its own, which can be killed. */
async function startElsewhere(): Promise<{ app: ChildProcess; url: string }> {
  leaveStopped();
  const script = fileURLToPath(new URL('../../tests/support/embedded-postgres-process.ts', import.meta.url));
  const app = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push({ stop: async () => void app.kill('SIGKILL') });
  const [said] = await once(app.stdout ?? app, 'data');
  return { app, url: String(said).trim().slice('ready '.length) };
}

const query = (url: string, sql: string) => withClient(url, (client) => client.query(sql));

const postmasterPid = () => readPidFile(directory)?.pid ?? 0;

it('keeps what it was given from one run to the next, and leaves nothing running', async () => {
  const steps: string[] = [];
  const first = await start(steps);
  await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 42 AS answer');
  const socketDir = new URL(first.url('postgres')).searchParams.get('host') ?? '';
  const pid = postmasterPid();
  await first.stop();
  expect(isPostmasterOf(pid, directory)).toBe(false);
  expect(existsSync(socketDir)).toBe(false);

  const second = await start(steps);
  expect((await query(second.url('postgres'), 'SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
  expect(steps).toEqual(['Creating the database', 'Starting the database', 'Starting the database']);
});

it('is durable, and reachable by its owner through a socket alone (invariant 1)', async () => {
  leaveStopped();
  const postgres = await start();
  const { rows } = await query(
    postgres.url('postgres'),
    `SELECT name, setting FROM pg_settings
      WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_permissions')
      ORDER BY name`,
  );
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    synchronous_commit: 'on',
    unix_socket_permissions: '0700',
  });
});

it('refuses a second app on the same DATA_DIR, in one sentence that names the first', async () => {
  const { app } = await startElsewhere();
  await expect(start()).rejects.toThrow(
    `Another J Star Chat (process ${app.pid}) already uses ${dataDir}: stop it first, or give this one a DATA_DIR of its own.`,
  );
  expect(isPostmasterOf(postmasterPid(), directory)).toBe(true);
});

it('does not outlive an app that was killed', async () => {
  const { app } = await startElsewhere();
  const pid = postmasterPid();
  app.kill('SIGKILL');
  await eventually(() => expect(isPostmasterOf(pid, directory)).toBe(false));
});

it('starts right after the app was killed, with everything that was committed (invariant 1)', async () => {
  const { app, url } = await startElsewhere();
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  app.kill('SIGKILL');
  await once(app, 'exit');
  const postgres = await start();
  expect((await query(postgres.url('postgres'), 'SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
});

it('starts after app and database were both killed, though the pid is meanwhile somebody else’s', async () => {
  const { app, url } = await startElsewhere();
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const pid = postmasterPid();
  process.kill(pid, 'SIGKILL');
  app.kill('SIGKILL');
  await once(app, 'exit');
  const pidFile = join(directory, 'postmaster.pid');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(String(pid), String(process.pid)));
  const postgres = await start();
  expect((await query(postgres.url('postgres'), 'SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
});

it('comes back by itself when it is killed, and the app goes on', async () => {
  const steps: string[] = [];
  leaveStopped();
  const database = await openDatabase({ url: null, dataDir, onProgress: (step) => steps.push(step) });
  started.push({ stop: database.close });
  expect(await database.prisma.user.count()).toBe(1);
  process.kill(postmasterPid(), 'SIGKILL');
  await eventually(async () => expect(await database.prisma.user.count()).toBe(1), { timeout: 15_000 });
  await eventually(() => expect(steps.join()).toContain('The database ended by itself'), { timeout: 15_000 });
});

it.each([
  ['its version file is gone', () => rmSync(join(directory, 'PG_VERSION'))],
  ['its control file is gone', () => rmSync(join(directory, 'global', 'pg_control'))],
  [
    'its control file is noise',
    () => writeFileSync(join(directory, 'global', 'pg_control'), 'x'.repeat(8192)),
  ],
  ['its write-ahead log is gone', () => rmSync(join(directory, 'pg_wal'), { recursive: true })],
])('stops and says what to do when %s, deleting nothing', async (_what, damage) => {
  leaveStopped();
  damage();
  const before = readdirSync(directory, { recursive: true }).length;
  const failure = await start().catch((error: Error) => error);
  expect(failure).toMatchObject({ name: 'StartError' });
  expect((failure as Error).message).toMatch(
    /does not start \(.+\): restore that directory from a backup, or move it away/,
  );
  expect(readdirSync(directory, { recursive: true }).length).toBe(before);
});

it('quotes what PostgreSQL complained of this time, whatever stands in its log from before', async () => {
  leaveStopped();
  rmSync(join(directory, 'pg_wal'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres.log'), `LOG:  ${'é'.repeat(5_000)}\n`);
  await expect(start()).rejects.toThrow(/does not start \(.*pg_wal.*\): restore/);
});

it('stops and says what to do when tables are damaged', async () => {
  leaveStopped();
  for (const file of readdirSync(join(directory, 'base', '5')))
    truncateSync(join(directory, 'base', '5', file));
  const failure = openDatabase({ url: null, dataDir, onProgress: () => {} });
  await expect(failure).rejects.toThrow(
    /can't be used \(.+\): restore DATA_DIR from a backup, or move it away/,
  );
});

it.runIf(process.getuid?.() === 0)(
  'runs as another user where root may not make a user namespace',
  async () => {
    const bin = join(dataDir, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    chmodSync(dataDir, 0o755);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    await (await start()).stop();
    const postgres = await start();
    expect(statSync(directory).uid).not.toBe(0);
    expect((await query(postgres.url('postgres'), 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await postgres.stop();

    chmodSync(dataDir, 0o700);
    renameSync(directory, `${directory}.away`);
    await expect(start()).rejects.toThrow(
      /does not run as root and no other user may use .*: start as an ordinary user/,
    );
  },
);

it('leaves a directory of another PostgreSQL version alone', async () => {
  leaveStopped();
  writeFileSync(join(directory, 'PG_VERSION'), '15\n');
  await expect(start()).rejects.toThrow(
    /was made by PostgreSQL 15, and this version brings PostgreSQL 18: .*pg_dump/,
  );
});

it('is not confused by a first start that was cut off', async () => {
  leaveStopped();
  rmSync(join(directory, 'global', 'pg_control'));
  renameSync(directory, `${directory}.unfinished`);
  const postgres = await start();
  expect((await query(postgres.url('postgres'), 'SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
