import { expect, it } from 'vitest';
import { isOurPage, SHELL_MARK } from './shell-pages.ts';

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
