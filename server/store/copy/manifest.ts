import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from '../../start-error.ts';

/** What an export holds; written last, so that an unfinished one has none. */
const Manifest = z.object({
  format: z.literal(1),
  product: z.literal('j-star-chat'),
  exportedAt: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

export const manifestPath = (directory: string) => join(directory, 'manifest.json');
export const tablePath = (directory: string, table: string) => join(directory, `${table}.ndjson.gz`);

/** Throws a StartError. */
export function readManifest(directory: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(readFileSync(manifestPath(directory), 'utf8')));
  } catch {
    throw new StartError(`${directory} holds no finished export: it takes a directory that db:export wrote.`);
  }
}
