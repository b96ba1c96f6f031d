import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the handbook lies: beside this source, or, seen from the bundled server in build/server, in the sources. */
export const handbookDir = findHandbook();

function findHandbook(): string {
  const places = ['../handbook/', '../../server/agent/handbook/'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error(`The handbook is part of the product and is not there: ${paths.join(', ')}`);
  return found;
}
