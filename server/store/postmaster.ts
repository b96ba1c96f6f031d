import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunAs } from './unprivileged.ts';

export interface Postmaster {
  /** Resolves when the process has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Resolves once it accepts connections; rejects if it ends before. */
  ready(): Promise<void>;
  /** Ends connections, writes everything down, ends. */
  stop(): Promise<void>;
}

// The keeper starts PostgreSQL and holds the read end of a pipe whose write end only the app has. Both ways of ending
// are the same one: the app closes the pipe, or the kernel closes it when the app is killed. The shell is PostgreSQL's
// parent, so the pid that it signals can't have become another process's.
const keeper = `
exec 3<&0
"$@" </dev/null 3<&- &
postgres=$!
( read -r _ <&3; kill -INT "$postgres" ) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$postgres"
kill "$watcher" 2>/dev/null
rm -rf "$SOCKET_DIR"
`;

/** Starts PostgreSQL on an initialised directory. Its output goes to the end of `logFile`. */
export function startPostmaster(options: {
  postgres: string;
  runAs: RunAs;
  directory: string;
  socketDir: string;
  logFile: string;
  settings: Record<string, string>;
}): Postmaster {
  const { postgres, runAs, directory, socketDir, logFile } = options;
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [...runAs.prefix, postgres, '-D', directory, ...settings];
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn('sh', ['-c', keeper, 'sh', ...command], {
    // A process group of its own: Ctrl-C in the terminal is the app's to handle, which then stops the database last.
    detached: true,
    stdio: ['pipe', log, log],
    // Remix types NODE_ENV as always there; PostgreSQL does not look at it.
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      TZ: 'UTC',
      NODE_ENV: process.env.NODE_ENV,
      SOCKET_DIR: socketDir,
    },
    cwd: '/',
    ...runAs.ids,
  });
  closeSync(log);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      child.stdin?.destroy();
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  // The pipe breaks when the keeper ends; `ended` says so already.
  child.stdin?.on('error', () => {});

  return {
    ended,
    async ready() {
      for (;;) {
        // The file may still be that of a postmaster killed earlier; the new one writes its own start time into it.
        const file = readPidFile(directory);
        if (file?.isReady && file.socketDir === socketDir) return;
        if (hasEnded) throw new Error('PostgreSQL ended before it was ready');
        await Promise.race([ended, delay(10)]);
      }
    },
    async stop() {
      child.stdin?.end();
      const patience = new AbortController();
      const tooLong = delay(20_000, 'too long', { signal: patience.signal }).catch(() => 'stopped');
      if ((await Promise.race([ended, tooLong])) === 'too long') {
        // Immediate shutdown: the next start recovers from the write-ahead log.
        const file = readPidFile(directory);
        if (file) process.kill(file.pid, 'SIGQUIT');
        await ended;
      }
      patience.abort();
    },
  };
}

/** What a running (or killed) postmaster wrote about itself: pid, directory, start, port, socket directory, …, state. */
export function readPidFile(directory: string): { pid: number; socketDir: string; isReady: boolean } | null {
  try {
    const lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return null;
    return { pid, socketDir: lines[4] ?? '', isReady: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}
