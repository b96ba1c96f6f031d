import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from './start-error.ts';

/** Makes sure that `dataDir` is a directory we may write into. Throws StartError. */
export function prepareDataDir(dataDir: string): void {
  try {
    makeDirectory(dataDir);
    // A file has nothing in it, not even itself.
    accessSync(`${dataDir}/.`, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // what fs throws
    throw new StartError(
      `DATA_DIR holds "${dataDir}", which can't be used (${code}): it takes a directory to write into.`,
    );
  }
}

/** By steps: Node's own recursion never ends where a file system lets nobody make directories, such as /proc. */
function makeDirectory(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // It was there, or another node has just made it.
    if (!existsSync(path)) throw error;
  }
}

/**
 * The secret that signs session cookies, generated on first use and kept in `dataDir/auth-secret` for its owner only.
 * Two processes that start at once get the same one. Throws StartError.
 */
export function loadAuthSecret(dataDir: string): string {
  const path = join(dataDir, 'auth-secret');
  if (!existsSync(path)) {
    const candidate = `${path}.${process.pid}`;
    writeFileSync(candidate, randomBytes(48).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(candidate, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(candidate);
    }
  }
  const secret = readSecret(path);
  if (secret.length < 32) throw unusable(`${path} holds no usable secret`);
  return secret;
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw unusable(`${path} can't be read (${(error as NodeJS.ErrnoException).code})`); // what fs throws
  }
}

const unusable = (what: string) =>
  new StartError(`${what}: restore it, or remove it to sign everybody out and start anew.`);

/** Tells one secret from another, and gives nothing of it away. */
export function secretMark(secret: string): string {
  return createHash('sha256').update(`node of ${secret}`).digest('base64url').slice(0, 16);
}
