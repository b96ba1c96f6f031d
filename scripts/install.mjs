import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, runQuietly, step } from './step.mjs';

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage */

/**
 * Installs what package-lock.json names and node_modules lacks.
 *
 * @param {{ needsDev: boolean }} options whether packages that only building and testing need count as missing
 */
export async function installMissing({ needsDev }) {
  if (isInstalled(needsDev)) return;
  await step('Installing packages', () => {
    // Under npm, the npm that runs this; a NODE_ENV=production must not leave out what the build needs.
    const npm = process.env.npm_execpath;
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
    return npm?.endsWith('.js') ? runQuietly(process.execPath, [npm, ...args]) : runQuietly('npm', args);
  });
}

/**
 * npm keeps a copy of the lock file of what it installed. Optional packages may be for another platform.
 *
 * @param {boolean} needsDev
 */
function isInstalled(needsDev) {
  const wanted = readLock('package-lock.json');
  const installed = readLock('node_modules/.package-lock.json');
  return (
    wanted !== null &&
    installed !== null &&
    Object.entries(wanted).every(
      ([path, { version, dev, optional, devOptional }]) =>
        path === '' ||
        optional ||
        ((dev || devOptional) && !needsDev) ||
        (installed[path] !== undefined && installed[path].version === version),
    )
  );
}

/**
 * @param {string} path
 * @returns {Record<string, LockedPackage> | null}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(project, path), 'utf8')).packages;
  } catch {
    return null;
  }
}
