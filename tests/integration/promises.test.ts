import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${project}/${path}`, 'utf8');

it('are all in docs/promises.md that a test names by a row', () => {
  const listed = new Set([...read('docs/promises.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, row]) => row));
  const files = ['app', 'server', 'tests', 'protocol'].flatMap((room) =>
    readdirSync(`${project}/${room}`, { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
  );
  const named = files
    .filter((path) => /\.(test|spec)\.tsx?$/.test(path))
    .flatMap((path) =>
      [...read(path).matchAll(/\(((?:rows? )?[BCMS]\d+\b[^()]*)\)/g)].flatMap(([, names = '']) =>
        [...names.matchAll(/\b[BCMS]\d+\b/g)].map(([row]) => row),
      ),
    );
  expect(named).toContain('M9');
  expect([...new Set(named)].filter((row) => !listed.has(row))).toEqual([]);
});
