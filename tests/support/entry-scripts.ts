import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** What this page names before any of its scripts runs: how many files, and how many bytes with gzip. */
export async function weighEntryScripts(page: Page): Promise<{ files: number; bytes: number }> {
  const scripts = await page.evaluate(entryScripts);
  const bytes = scripts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  return { files: scripts.length, bytes };
}

/** In the page, of which it asks for what the server sent: by now it names what came later, too. */
async function entryScripts(): Promise<string[]> {
  const sent = await (await fetch(location.href)).text();
  const page = new DOMParser().parseFromString(sent, 'text/html');
  const links = page.querySelectorAll('link[rel=modulepreload], script[src]');
  const urls = new Set([...links].map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? ''));
  for (const { textContent } of page.querySelectorAll('script[type=module]'))
    for (const [, url] of textContent?.matchAll(/"(\/assets\/[^"]+\.js)"/g) ?? []) if (url) urls.add(url);
  return Promise.all([...urls].map(async (url) => (await fetch(url)).text()));
}
