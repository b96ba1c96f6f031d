import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { StartError } from '../start-error.ts';

/** How to start PostgreSQL's programs, which refuse to run as root. */
export interface RunAs {
  /** Goes before the command, e.g. `['unshare', '--user']`. */
  readonly prefix: readonly string[];
  /** Given to spawn, empty where the process keeps its own user. */
  readonly ids: { uid: number; gid: number } | Record<string, never>;
}

const asOneself: RunAs = { prefix: [], ids: {} };

/**
 * Ordinary users run it as themselves. Root runs it in a user namespace of its own, where it is nobody yet owns the
 * same files; where namespaces are forbidden, as the unprivileged user who owns `directory` (the database's, or where it
 * will be made), or as one who can enter it and run `program`.
 */
export function chooseUser(directory: string, program: string): RunAs {
  if (process.getuid?.() !== 0) return asOneself;
  const owner = statSync(directory);
  if (owner.uid !== 0) return { prefix: [], ids: { uid: owner.uid, gid: owner.gid } };
  if (mayUnshare()) return { prefix: ['unshare', '--user'], ids: {} };
  const ids = unprivilegedUser();
  if (!ids || !mayExecute(directory, ids) || !mayExecute(program, ids)) {
    throw new StartError(
      `PostgreSQL does not run as root and no other user may use ${directory} and ${program}: ` +
        'start as an ordinary user, put both where one may enter, or set DATABASE_URL.',
    );
  }
  return { prefix: [], ids };
}

/** Makes the chosen user own a directory that was just created for it. */
export function handOver(directory: string, runAs: RunAs): void {
  if ('uid' in runAs.ids) chownSync(directory, runAs.ids.uid, runAs.ids.gid);
}

function mayUnshare(): boolean {
  return spawnSync('unshare', ['--user', 'true'], { stdio: 'ignore' }).status === 0;
}

/** Runs a file, or enters a directory. */
function mayExecute(path: string, ids: { uid: number; gid: number }): boolean {
  return spawnSync('test', ['-x', path], { stdio: 'ignore', cwd: '/', ...ids }).status === 0;
}

function unprivilegedUser(): { uid: number; gid: number } | null {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([candidate]) => candidate === name) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}
