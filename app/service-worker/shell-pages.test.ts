import { expect, it } from 'vitest';
import { isOurFile, isOurPage, SHELL_MARK } from './shell-pages.ts';

const files = new Set(['/assets/entry.client-AAAAAAAA.js', '/assets/base-AAAAAAAA.css']);
const page = (...parts: string[]) =>
  new Response(
    `<head data-page="${SHELL_MARK}">${parts.map((part) => `<link href="${part}">`).join('')}</head>`,
    {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
  );

it('keeps a page only with all that it is made of: one of another version comes while servers are replaced', async () => {
  expect(await isOurPage(page(...files), files)).toBe(true);
  expect(await isOurPage(page(...files, '/assets/entry.client-BBBBBBBB.js'), files)).toBe(false);
});

it.each([
  ['/assets/a.js', 'text/javascript; charset=utf-8', true],
  ['/assets/a.js', 'application/javascript', true],
  ['/assets/a.js', 'application/json', false],
  ['/assets/a.js', 'text/html', false],
  ['/assets/a.js', null, false],
  ['/assets/a.css', 'text/css; charset=utf-8', true],
  ['/assets/a.css', 'text/plain', false],
  ['/icons/mark.svg', 'image/svg+xml', true],
  ['/icons/icon-180.png', 'text/html', false],
  ['/offline.html', 'text/html; charset=utf-8', true],
  ['/manifest.webmanifest', 'application/manifest+json', true],
  ['/manifest.webmanifest', 'application/json', false],
])('%s as %s is kept: %s', (path, type, isKept) => {
  const response = new Response(
    new Uint8Array(1),
    type === null ? {} : { headers: { 'content-type': type } },
  );
  expect(isOurFile(response, path)).toBe(isKept);
});
