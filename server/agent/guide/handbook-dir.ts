import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the handbook lies: beside this source, or, seen from the bundled server in build/server, in the sources. */
export const handbookDir = ['../handbook/', '../../server/agent/handbook/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path)) as string; // the handbook is part of the product
