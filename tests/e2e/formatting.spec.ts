import type { Browser, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { composer, groupOfTwo, log, say, signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

async function guest(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await signInAsGuest(page);
  return page;
}

const code = 'def mean(xs):\n    """Of a sample."""\n    return sum(xs) / len(xs)  # never empty';
const cells = (what: string) =>
  `| ${Array.from({ length: 9 }, (_, i) => `${what} number ${i + 1}`).join(' | ')} |`;
const message = [
  '**Bold** for <b>Ben</b>, from $5 to $10,\nin two lines, see https://example.org/a_b',
  '- one\n- two',
  `\`\`\`python\n${code}\n\`\`\``,
  `${cells('Column')}\n|${' --- |'.repeat(9)}\n${cells('Cell')}`,
  'With \\(n\\) answers:\n\n$$\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$$',
  '![a picture](https://tracker.example/pixel.png) [not a link](javascript:alert(1))',
].join('\n\n');

test('code, tables and formulas stand in a message written with the network cut, and nothing in it asks another site', async ({
  browser,
  product,
}) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Statistics');
  const elsewhere: string[] = [];
  ben.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== product.url) elsewhere.push(url);
  });
  await cut(ada);
  await say(ada, message);
  await expect(log(ada).locator('strong').filter({ hasText: 'Bold' })).toBeVisible();
  await expect(log(ada).getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  await heal(ada);

  const shown = log(ben);
  await expect(shown.locator('[data-index]').filter({ hasText: 'Bold for' })).toHaveCount(1, {
    timeout: 30_000,
  });
  await expect(shown.locator('[data-streamdown="strong"], strong').filter({ hasText: 'Bold' })).toBeVisible();
  await expect(shown.getByText('<b>Ben</b>, from $5 to $10,')).toBeVisible();
  await expect(shown.getByRole('listitem').filter({ hasText: /^two$/ })).toBeVisible();
  await expect(shown.getByRole('link', { name: 'https://example.org/a_b' })).toHaveAttribute(
    'rel',
    'noopener noreferrer nofollow',
  );
  await expect(shown.getByRole('link', { name: 'not a link' })).toHaveCount(0);
  await expect(shown.getByText('not a link')).toBeVisible();
  await expect(shown.getByRole('img', { name: 'a picture' })).toHaveCount(0);

  await expect(shown.locator('.hljs-keyword', { hasText: 'return' })).toBeVisible();
  await shown.getByRole('button', { name: 'Copy code' }).click();
  expect(await ben.evaluate(() => navigator.clipboard.readText())).toBe(code);

  await expect(shown.locator('.katex-display')).toBeVisible();
  await expect(shown.locator('.katex')).toHaveCount(2);

  await ben.setViewportSize({ width: 390, height: 844 });
  const table = shown.getByRole('region', { name: 'Table' });
  await expect
    .poll(() => table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth))
    .toBe(true);
  await expect(shown).toHaveJSProperty('scrollLeft', 0);
  expect(await ben.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(elsewhere).toEqual([]);
});

test('Ctrl+B and Ctrl+I mark what is chosen, and unmark it', async ({ page }) => {
  await signInAsGuest(page);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: /^General/ }).click();
  const field = composer(page);
  await field.fill('important');
  await field.press('ControlOrMeta+a');
  await field.press('ControlOrMeta+b');
  await expect(field).toHaveValue('**important**');
  await field.press('ControlOrMeta+i');
  await expect(field).toHaveValue('**_important_**');
  await field.press('ControlOrMeta+i');
  await field.press('ControlOrMeta+b');
  await expect(field).toHaveValue('important');
});

test('a message that nests without end is shown as it was typed, and the conversation goes on', async ({
  browser,
  product,
}) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Depths');
  await say(ada, '> '.repeat(2_000));
  await say(ada, '1. '.repeat(5_000));
  await say(ada, 'and **still** here');
  for (const page of [ada, ben]) {
    await expect(log(page).locator('strong').filter({ hasText: 'still' })).toBeVisible({ timeout: 30_000 });
    await page.reload();
    await expect(log(page).locator('strong').filter({ hasText: 'still' })).toBeVisible({ timeout: 30_000 });
  }
});
