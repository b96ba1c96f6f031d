import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Version } from './operations.ts';

const Package = z.object({ name: z.string(), version: z.string() });

/** What /version tells. The commit is asked of git once; where there is no repository it is "unknown". */
export function readVersion(): Version {
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const { name, version } = Package.parse(JSON.parse(readFileSync(`${project}/package.json`, 'utf8')));
  return { name, version, commit: commitOf(project) };
}

function commitOf(project: string): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
