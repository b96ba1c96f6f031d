import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { processIdentity } from './process-identity.ts';

/**
 * Makes this process the only one that runs a database in `dataDir`, until released or dead: a lock left by a process
 * that no longer runs is taken over. Throws a StartError that names the holder.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'lock');
  const mine = processIdentity(process.pid) ?? String(process.pid);
  const candidate = `${path}.${process.pid}`;
  writeFileSync(candidate, mine);
  try {
    // A hard link comes into being whole or not at all, and never over an existing name.
    for (let attempt = 0; attempt < 10; attempt++) {
      if (tryLink(candidate, path)) return { release: () => releaseIfHeld(path, mine) };
      const holder = readIfThere(path);
      if (holder === null) continue;
      if (isAlive(holder)) throw refused(dataDir, holder);
      setAside(path, holder);
    }
    throw refused(dataDir, readIfThere(path) ?? '');
  } finally {
    rmSync(candidate, { force: true });
  }
}

function refused(dataDir: string, holder: string): StartError {
  return new StartError(
    `Another J Star Chat (process ${holder.split(' ')[0] || 'unknown'}) already uses ${dataDir}: ` +
      'stop it first, or give this one a DATA_DIR of its own.',
  );
}

function isAlive(holder: string): boolean {
  return processIdentity(Number.parseInt(holder, 10)) === holder;
}

/** Takes a dead holder's lock out of the way; if another process took it over in between, gives that one back. */
function setAside(path: string, deadHolder: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== deadHolder) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function releaseIfHeld(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
