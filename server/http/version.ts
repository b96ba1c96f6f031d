import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Version } from './operations.ts';

const Package = z.object({ name: z.string(), version: z.string() });

/** What /version tells. */
export function readVersion(): Version {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const { name, version } = Package.parse(JSON.parse(readFileSync(`${project}/package.json`, 'utf8')));
  return { name, version, commit: commitOf(project) };
}

/** Asked of git; where there is no repository, as in an image, a file COMMIT says it, and where there is none nobody does. */
export function commitOf(project: string): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    const file = join(project, 'COMMIT');
    return (existsSync(file) && readFileSync(file, 'utf8').trim()) || 'unknown';
  }
}
