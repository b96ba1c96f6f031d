import { signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

test('nothing is asked of a conversation that the server has not heard of yet', async ({
  browser,
  product,
}) => {
  const context = await browser.newContext({ baseURL: product.url, serviceWorkers: 'block' });
  const page = await context.newPage();
  let release = () => {};
  let held = Promise.resolve();
  // Before there is a page: of one that is open already a request may slip through.
  await page.route('**/trpc/outbox.push*', async (route) => {
    await held;
    await route.continue();
  });
  await signInAsGuest(page);
  const refused: string[] = [];
  page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
  held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: 'With a group' }).click();
  await page.getByLabel('Name of the group').fill('Brand new');
  await page.getByRole('button', { name: 'Start' }).click();
  const asked = page.waitForResponse(/session\.invites/);
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByRole('button', { name: 'Invite by link' })).toBeVisible();
  release();
  expect((await asked).status()).toBe(200);
  expect(refused).toEqual([]);
});
