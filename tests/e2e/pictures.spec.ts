import type { Page } from '@playwright/test';
import { askAgentJay, groupOfTwo, say, signInAsGuest, untilControlled } from '../support/people.ts';
import { photo } from '../support/pictures.ts';
import { expect, test } from '../support/story.ts';

const choose = async (page: Page) =>
  page
    .getByTestId('picture-picker')
    .setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await photo(900, 600) });
/** The pictures of people and groups here that the browser has drawn. */
const drawn = (page: Page, within: string) =>
  page
    .locator(`${within} span[aria-hidden] > img`)
    .evaluateAll((images) => images.filter((one) => (one as HTMLImageElement).naturalWidth === 256).length);

test('people and groups get pictures, which others see, and which are there without a network', async ({
  browser,
  product,
}) => {
  const [ada, ben] = await Promise.all(
    [0, 1].map(async () => {
      const page = await (await browser.newContext({ baseURL: product.url })).newPage();
      await signInAsGuest(page);
      return page;
    }),
  );
  if (!ada || !ben) throw new Error('Two people are here');
  await groupOfTwo(ada, ben, 'Seminar');
  await say(ada, 'Who am I?');

  await ada.getByRole('button', { name: 'Details' }).click();
  await ada.getByRole('button', { name: 'Choose a picture' }).waitFor();
  await choose(ada);
  await expect.poll(() => drawn(ada, 'header')).toBe(1);
  await expect.poll(() => drawn(ben, 'header')).toBe(1);
  await expect.poll(() => drawn(ben, 'nav')).toBe(1);
  await ben.getByRole('button', { name: 'Details' }).click();
  await expect(ben.getByRole('button', { name: /picture/ })).toHaveCount(0);

  // Set without a network: shown at once, and by others once there is one.
  await untilControlled(ada);
  await ada.goto('/chat/settings');
  await expect(ada.getByRole('group', { name: 'Your picture' })).toBeVisible();
  await ada.context().setOffline(true);
  await choose(ada);
  await expect.poll(() => drawn(ada, 'fieldset')).toBe(1);
  expect(await drawn(ben, '[role=log]')).toBe(0);
  await ada.reload();
  await expect.poll(() => drawn(ada, 'fieldset')).toBe(1);
  await ada.context().setOffline(false);
  await expect.poll(() => drawn(ben, '[role=log]'), { timeout: 30_000 }).toBe(1);
  await expect.poll(() => drawn(ben, 'aside')).toBe(1);

  await ada.getByRole('button', { name: 'Remove picture' }).click();
  await expect.poll(() => drawn(ada, 'fieldset')).toBe(0);
  await expect.poll(() => drawn(ben, '[role=log]')).toBe(0);
});

test('what is no picture is said to be none', async ({ page }) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await page.goto('/chat/settings');
  await page
    .getByTestId('picture-picker')
    .setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be read as a picture' })).toBeVisible();
});
