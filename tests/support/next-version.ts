import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));
const HASHED = /-([\w-]{8})(\.(?:js|css))$/;

/** The next version of what was built. */
export interface NextVersion {
  /** Where its server is; for `startProduct`. */
  serverFile: string;
  remove(): void;
}

/**
 * Makes another version of the app out of the built one: the same code, but none of its scripts and styles has the name
 * that it had before, as after a release that changed them all.
 */
export function makeNextVersion(): NextVersion {
  mkdirSync(join(project, '.cache'), { recursive: true });
  const dir = mkdtempSync(join(project, '.cache/next-version-'));
  cpSync(join(project, 'build'), join(dir, 'build'), { recursive: true });
  for (const name of ['prisma', 'server', 'package.json']) symlinkSync(join(project, name), join(dir, name));
  const assets = join(dir, 'build/client/assets');
  const renamed = new Map<string, string>();
  for (const name of readdirSync(assets)) {
    const [ending, hash = '', extension = ''] = HASHED.exec(name) ?? [];
    if (!ending) continue;
    const next = `-${hash.startsWith('A') ? 'B' : 'A'}${hash.slice(1)}${extension}`;
    renamed.set(ending, next);
    renameSync(join(assets, name), join(assets, name.replace(ending, next)));
  }
  const made = [
    join(dir, 'build/client/sw.js'),
    ...['build/client/assets', 'build/server/assets'].flatMap((where) =>
      readdirSync(join(dir, where)).map((name) => join(dir, where, name)),
    ),
  ];
  for (const file of made.filter((name) => /\.(js|css)$/.test(name))) {
    const text = readFileSync(file, 'utf8')
      .replaceAll(/-[\w-]{8}\.(?:js|css)\b/g, (ending) => renamed.get(ending) ?? ending)
      // Pages keep their names: what tells their versions apart is a digest.
      .replaceAll(/("?revision"?:\s*")(?=\w)/g, '$1next-');
    writeFileSync(file, text);
  }
  return {
    serverFile: join(dir, 'build/server/app.js'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
