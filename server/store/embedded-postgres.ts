import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from '../start-error.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { readPidFile, startPostmaster } from './postmaster.ts';
import { isPostmasterOf } from './process-identity.ts';
import { chooseUser, handOver, type RunAs } from './unprivileged.ts';

export interface EmbeddedPostgres {
  /** A connection string for one of its databases, over its Unix socket. Holds no secret. */
  url(database: string): string;
  /** Stops it, writing everything down. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  onProgress(step: string): void;
  /** On top of the durable ones; tests switch durability off. */
  settings?: Record<string, string>;
}

const USER = 'jstar';

/** A longer log is put aside at the next start, over the one put aside before. */
const LOG_BYTES = 5_000_000;

// invariant 1: what was acknowledged survives loss of power. These are PostgreSQL's defaults, pinned.
const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/**
 * Runs a PostgreSQL of its own in `dataDir/postgres`, reachable through a private Unix socket only, for as long as this
 * process lives; if it ends by itself it is started again. Refuses (StartError) a directory that another app uses, that
 * another major version made, or that is damaged; never deletes what is in one.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findPostgresBinaries();
  const dataDir = resolve(options.dataDir);
  const lock = lockDataDir(dataDir);
  try {
    const directory = join(dataDir, 'postgres');
    checkDirectory(directory, binaries);
    const runAs = chooseUser(existsSync(directory) ? directory : dataDir, binaries.postgres);
    if (!existsSync(directory)) {
      options.onProgress('Creating the database');
      initialise(directory, binaries, runAs);
    }
    await clearPredecessor(directory, options.onProgress);
    const postgres = await keepRunning({ ...options, dataDir, directory, binaries, runAs });
    return {
      url: postgres.url,
      async stop() {
        await postgres.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function checkDirectory(directory: string, { major }: PostgresBinaries): void {
  if (!existsSync(directory)) return;
  const versionFile = join(directory, 'PG_VERSION');
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : '';
  if (!/^\d+$/.test(version) || !existsSync(join(directory, 'global', 'pg_control'))) {
    throw damaged(directory, 'files that every PostgreSQL database has are missing or unreadable');
  }
  if (version !== major) {
    throw new StartError(
      `The database in ${directory} was made by PostgreSQL ${version}, and this version brings PostgreSQL ${major}: ` +
        `go back to the earlier version and move the data over with pg_dump, or start with another DATA_DIR.`,
    );
  }
}

function damaged(directory: string, why: string): StartError {
  return new StartError(
    `The database in ${directory} does not start (${why}): restore that directory from a backup, ` +
      'or move it away to begin with an empty one. Nothing in it was changed or deleted.',
  );
}

/** Under another name until complete, so that a start that is cut off leaves nothing that looks like a database. */
function initialise(directory: string, { initdb }: PostgresBinaries, runAs: RunAs): void {
  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  handOver(unfinished, runAs);
  const [command = initdb, ...args] = [
    ...runAs.prefix,
    initdb,
    ...['-D', unfinished, '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--no-instructions'],
    // The same order of letters on every platform.
    ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  ];
  // Remix types NODE_ENV as always there; PostgreSQL does not look at it.
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', NODE_ENV: process.env.NODE_ENV };
  const result = spawnSync(command, args, { cwd: '/', env, encoding: 'utf8', ...runAs.ids });
  if (result.status !== 0) {
    const why = result.error?.message ?? lastComplaint(result.stderr);
    throw new StartError(
      `The database could not be created in ${directory} (${why}): make room or mend the permissions, ` +
        'choose another DATA_DIR, or set DATABASE_URL.',
    );
  }
  renameSync(unfinished, directory);
}

/**
 * A predecessor that was killed leaves a database that is about to stop, or a postmaster.pid. PostgreSQL itself copes
 * with the file unless its pid meanwhile belongs to somebody else.
 */
async function clearPredecessor(directory: string, onProgress: (step: string) => void): Promise<void> {
  const left = readPidFile(directory);
  if (!left) return;
  if (!isPostmasterOf(left.pid, directory)) {
    rmSync(join(directory, 'postmaster.pid'), { force: true });
    return;
  }
  onProgress('Waiting for the database of the previous run to stop');
  for (let waited = 0; isPostmasterOf(left.pid, directory); waited += 50) {
    // This process holds the lock, so nobody is left whose database it could be.
    if (waited === 3_000) process.kill(left.pid, 'SIGINT');
    if (waited >= 60_000) {
      throw new StartError(
        `PostgreSQL (process ${left.pid}) still uses ${directory}: stop it, then start again.`,
      );
    }
    await delay(50);
  }
}

async function keepRunning(options: {
  dataDir: string;
  directory: string;
  binaries: PostgresBinaries;
  runAs: RunAs;
  onProgress(step: string): void;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { directory, onProgress } = options;
  const logFile = join(options.dataDir, 'postgres.log');
  const socketDir = makeSocketDir(options.runAs);
  const settings = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...durable,
    ...options.settings,
  };
  const { runAs, binaries } = options;
  const start = () =>
    startPostmaster({ postgres: binaries.postgres, runAs, directory, socketDir, logFile, settings });

  onProgress('Starting the database');
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES) renameSync(logFile, `${logFile}.old`);
  const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
  let postmaster = start();
  try {
    await postmaster.ready();
  } catch {
    rmSync(socketDir, { recursive: true, force: true });
    throw damaged(directory, lastComplaint(readFileSync(logFile).subarray(logStart).toString()));
  }

  let isStopping = false;
  const restart = async () => {
    // Gone with the process that ended; an exception if somebody else was quicker to make one of this name.
    mkdirSync(socketDir, { mode: 0o700 });
    handOver(socketDir, runAs);
    postmaster = start();
    await postmaster.ready();
  };
  const supervise = async () => {
    await postmaster.ended;
    for (let pause = 100; !isStopping; pause = Math.min(pause * 2, 5_000)) {
      onProgress(`The database ended by itself (see ${logFile}); starting it again`);
      await delay(pause);
      if (isStopping) return;
      const isBack = await restart().then(
        () => true,
        () => false,
      );
      if (isBack) return void supervise();
    }
  };
  void supervise();

  return {
    url: (database) =>
      `postgresql://${USER}@localhost:5432/${database}?host=${encodeURIComponent(socketDir)}`,
    async stop() {
      isStopping = true;
      await postmaster.stop();
    },
  };
}

/** A Unix socket's path may have about a hundred bytes, so it can't lie in just any DATA_DIR. */
function makeSocketDir(runAs: RunAs): string {
  const base = tmpdir().length <= 60 ? tmpdir() : '/tmp';
  const socketDir = mkdtempSync(join(base, 'jstar-'));
  handOver(socketDir, runAs);
  return socketDir;
}

function lastComplaint(log: string): string {
  const lines = log.split('\n').filter(Boolean);
  const complaint = lines.findLast((line) => /\b(FATAL|PANIC|error|ERROR)\b/.test(line)) ?? lines.at(-1);
  return complaint?.replace(/^.*?(?:FATAL|PANIC|ERROR|error):\s+/, '') ?? 'it says nothing about why';
}
