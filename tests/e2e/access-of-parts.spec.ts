import type { Browser, Page } from '@playwright/test';
import { look } from '../support/look.ts';
import { composer, groupOfTwo, log, say, signInAsGuest } from '../support/people.ts';
import { photo } from '../support/pictures.ts';
import { expect, test } from '../support/story.ts';

const rich = [
  '**Sample size**, worked out in `R`:',
  '```r\nn <- N / (1 + N * e^2)  # Yamane\n```',
  '| Stratum | Students | Asked |\n| --- | --- | --- |\n| Engineering | 180 | 78 |\n| Medicine | 120 | 52 |',
  '$$n = \\frac{N}{1 + N e^2}$$',
  '1. Draw the list\n2. Ask every second one',
].join('\n\n');
const rightToLeft = 'كم عدد الطلاب الذين يجب أن أسألهم؟ سؤال عن حجم العينة.';
const endless = `https://example.org/${'a-very-long-address/'.repeat(8)}`;

async function guest(browser: Browser, baseURL: string, options: object): Promise<Page> {
  const page = await (await browser.newContext({ baseURL, bypassCSP: true, ...options })).newPage();
  await signInAsGuest(page);
  return page;
}

async function menuOf(page: Page, text: string): Promise<void> {
  const line = log(page).first().locator('[data-index]').filter({ hasText: text }).last();
  await line.hover();
  await line.getByRole('button', { name: 'More actions' }).click();
  await expect(page.getByRole('menuitem', { name: 'Edit' })).toBeVisible();
}

async function choose(page: Page, text: string, action: string): Promise<void> {
  await menuOf(page, text);
  await page.getByRole('menuitem', { name: action }).click();
}

const close = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

/** What 200 % zoom leaves of a screen of twice the size. */
const screens = [
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1440, height: 900 }],
  ['zoomed', { width: 640, height: 400 }],
] as const;

for (const [size, viewport] of screens) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing in what opens over a conversation, nor does anything stick out (${size}, ${colorScheme})`, async ({
      browser,
      product,
    }) => {
      test.slow();
      const ada = await guest(browser, product.url, { viewport, colorScheme });
      const ben = await guest(browser, product.url, {});
      const seen = (name: string) => look(ada, `${name}-${size}-${colorScheme}`);
      const over = (name: string) => look(ada, `${name}-${size}-${colorScheme}`, true);
      await groupOfTwo(ada, ben, 'Statistics and a rather long name of a group that does not end');
      await say(ada, rich);
      await say(ben, rightToLeft);
      await say(ben, endless);
      await say(ada, 'Who writes chapter two?');
      await expect(log(ada)).toContainText('a-very-long-address');
      await expect(log(ada).locator('.katex-display')).toBeAttached();
      // What is said in passing fades in and out.
      await expect(ada.getByText('Copied')).toHaveCount(0);
      await seen('rich');
      await menuOf(ada, 'Who writes chapter two?');
      await over('actions');
      await ada.getByRole('menuitem', { name: 'Edit' }).click();
      await composer(ada).fill('Who writes chapter three?');
      await seen('editing');
      await composer(ada).press('Enter');
      await log(ada).getByRole('button', { name: 'edited' }).click();
      await expect(ada.getByRole('dialog')).toContainText('chapter two');
      await seen('edit-history');
      await close(ada);
      await choose(ada, 'chapter three', 'Choose an emoji');
      await expect(ada.getByRole('dialog').getByRole('searchbox')).toBeVisible();
      await expect(ada.getByRole('dialog').getByRole('gridcell').first()).toBeVisible();
      await seen('emoji');
      await ada.keyboard.press('Escape');
      await choose(ada, 'chapter three', 'Star');
      await choose(ada, 'chapter three', 'Pin for everyone');
      await choose(ada, 'chapter three', 'Message info');
      await expect(ada.getByRole('dialog', { name: 'Message info' })).toContainText('Written');
      await seen('info');
      await close(ada);
      await choose(ada, 'chapter three', 'Forward');
      await seen('forward');
      await close(ada);
      await choose(ada, 'chapter three', 'Thread');
      const thread = ada.getByRole('complementary', { name: 'Thread' });
      await thread.getByRole('textbox', { name: 'Message this thread' }).fill('I can');
      await thread.getByRole('textbox', { name: 'Message this thread' }).press('Enter');
      await expect(thread.getByRole('log')).toContainText('I can');
      await seen('thread');
      await ada.getByRole('button', { name: 'Close the thread' }).click();
      await expect(ada.getByRole('complementary', { name: 'Thread' })).toBeHidden();
      const picture = { name: 'whiteboard.jpg', mimeType: 'image/jpeg', buffer: await photo(1_200, 900) };
      await ada.getByTestId('file-picker').setInputFiles([picture]);
      await expect(ada.getByRole('list', { name: 'Files to be sent' }).getByRole('listitem')).toHaveCount(1);
      await seen('file-staged');
      await ada.getByRole('button', { name: 'Send', exact: true }).click();
      const sent = log(ada).getByRole('button', { name: /^Open picture whiteboard/ });
      await expect(sent).toBeVisible();
      await seen('picture');
      await sent.click();
      await expect(ada.getByRole('dialog', { name: /whiteboard/ }).getByRole('img')).toBeVisible();
      await seen('lightbox');
      await ada.keyboard.press('Escape');
      await ada.keyboard.press('Control+k');
      await expect(ada.getByPlaceholder('Where to, or what to do?')).toBeVisible();
      await seen('palette');
      await ada.keyboard.press('Escape');
      await ada.goto('/chat');
      await expect(ada.getByRole('navigation', { name: 'Conversations' }).getByRole('link')).toHaveCount(1);
      await ada.keyboard.press('?');
      await expect(ada.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
      await seen('keyboard');
      await ada.keyboard.press('Escape');
      await ada.getByRole('searchbox').fill('chapter');
      await expect(ada.getByRole('region', { name: 'Messages' }).getByRole('link').first()).toBeVisible();
      await seen('search');
      await ada.getByRole('searchbox').fill('');
      await ada.getByRole('button', { name: 'Starred messages' }).click();
      await expect(ada.getByRole('region', { name: 'Starred messages' }).getByRole('link')).toHaveCount(1);
      await seen('starred');
      for (const page of [ada, ben]) await page.context().close();
    });
  }
}
