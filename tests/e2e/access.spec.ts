import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/story.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe-core finds on the page as it stands, in words. */
async function violations(page: Page): Promise<string[]> {
  // Colours are judged at rest.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  await page.addScriptTag({ content: axeSource });
  return page.evaluate(async () => {
    // The script added above defines it.
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run();
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 140)).join(' | ')}`,
    );
  });
}

for (const [size, viewport] of [
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1440, height: 900 }],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing on any screen (${size}, ${colorScheme})`, async ({ browser, product }) => {
      const page = await (
        await browser.newContext({ baseURL: product.url, viewport, colorScheme, bypassCSP: true })
      ).newPage();
      await page.goto('/');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Try as guest' }).click();
      await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'New conversation' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: /^General/ }).click();
      const composer = page.getByRole('textbox', { name: /^Message / });
      await composer.fill('hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByRole('log').getByText('Hello! I am Agent Jay')).toBeVisible();
      await expect(page.getByRole('region', { name: 'Suggestions' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Details' }).click();
      await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.goto('/chat/settings');
      await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  }
}
