import type { Page } from '@playwright/test';
import { calm } from '../faults/chaos-proxy.ts';
import { greetAgentJay, groupOfTwo, log, signInAsGuest, signUp } from '../support/people.ts';
import { photo } from '../support/pictures.ts';
import { seedConversation } from '../support/seed-conversation.ts';
import { expect, test } from '../support/unreliable-story.ts';

const guestButton = (page: Page) => page.getByRole('button', { name: 'Try as guest' });
const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });
const unreached = 'The server could not be reached';
/** The next answer stops in its middle: what its head says, cookies too, has arrived. */
const halve = (page: Page) =>
  page.route(
    '**/api/auth/**',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );

test('signing in that nobody answers gives up with a sentence, and works when tried again', async ({
  phone,
}) => {
  const page = await phone.newPage();
  await page.clock.install();
  await page.goto('/');
  await page.route('**/api/auth/**', () => {});
  await guestButton(page).click();
  await expect(guestButton(page)).toBeDisabled();
  await page.clock.fastForward(60_000);
  await expect(page.getByRole('alert')).toContainText(unreached);
  await page.unroute('**/api/auth/**');
  await guestButton(page).click();
  await expect(list(page)).toBeVisible();
});

test('a guest whose first answer stopped in its middle is let in when trying again', async ({ phone }) => {
  const page = await phone.newPage();
  await page.goto('/');
  await expect(guestButton(page)).toBeEnabled();
  await halve(page);
  await guestButton(page).click();
  await expect(page.getByRole('alert')).toContainText(unreached);
  await guestButton(page).click();
  await expect(list(page)).toBeVisible();
});

for (const what of ['stopped in its middle', 'got lost'])
  test(`whoever is new and whose first answer ${what} has one account, and is let in when trying again`, async ({
    world,
    phone,
  }) => {
    const page = await phone.newPage();
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'I am new here' }).click();
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('E-mail').fill('Ada@example.org');
    await page.getByLabel('Password').fill('a long enough password');
    if (what === 'got lost') world.network.weather = { ...calm, dropResponse: 1 };
    else await halve(page);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('alert')).toContainText(unreached);
    world.network.weather = calm;
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(list(page)).toBeVisible();
  });

test('an address that somebody else has signed up with lets nobody in who does not know its password', async ({
  browser,
  world,
  phone,
}) => {
  const others = await browser.newContext({ baseURL: world.url });
  await signUp(await others.newPage(), 'Ben');
  const page = await phone.newPage();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'I am new here' }).click();
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('E-mail').fill('ben@example.org');
  await page.getByLabel('Password').fill('a long enough guess');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).toContainText('e-mail');
  await others.close();
});

test('the server hears of a sign-out once it answers again, also where the browser never says that the network is back (invariant 26)', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await page.goto('/chat/settings');
  page.on('dialog', (dialog) => dialog.accept());
  world.network.portal = (path) => (path.startsWith('/api/auth/') ? '<html>Campus WiFi</html>' : null);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out, and nothing of yours is on this device')).toBeVisible();
  world.network.portal = null;
  await expect(guestButton(page)).toBeVisible({ timeout: 60_000 });
});

test('an account whose deletion was not confirmed leaves the device once the server knows it no more', async ({
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  await page.goto('/chat/settings');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('delete');
  await page.route('**/trpc/me.delete', async (route) => {
    await route.fetch();
    await route.abort();
  });
  const now = dialog.getByRole('button', { name: 'Delete for good' });
  await now.click();
  await expect(dialog.getByText('That did not work')).toBeVisible();
  await page.unroute('**/trpc/me.delete');
  await now.click();
  await expect(guestButton(page)).toBeVisible();
  expect(
    await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).filter(Boolean)),
  ).toEqual([]);
});

test('a picture whose first request got lost, and one whose bytes stop coming, are shown without leaving the conversation', async ({
  browser,
  world,
  phone,
}) => {
  const ada = await phone.newPage();
  const others = await browser.newContext({ baseURL: world.product().url, serviceWorkers: 'block' });
  const ben = await others.newPage();
  await signInAsGuest(ada);
  await signInAsGuest(ben);
  await groupOfTwo(ada, ben, 'Team Photo');
  for (const name of ['one.jpg', 'two.jpg']) {
    await ada.getByTestId('file-picker').setInputFiles({
      name,
      mimeType: 'image/jpeg',
      buffer: await photo(1_200, 900),
    });
    await ada.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(ada.getByRole('list', { name: 'Files to be sent' })).toBeHidden();
  }
  const picture = (name: string) => log(ben).getByRole('img', { name: new RegExp(`^Picture: ${name}`) });
  await expect(picture('one')).toBeVisible();
  await expect(picture('two')).toBeVisible();
  // Another device of Ben, with nothing on it.
  const second = await browser.newContext({
    baseURL: world.product().url,
    serviceWorkers: 'block',
    storageState: await others.storageState(),
  });
  const again = await second.newPage();
  await again.clock.install();
  let asked = 0;
  await again.route('**/api/attachments/**', (route) => {
    asked += 1;
    if (asked === 1) return route.abort();
    return asked === 2 ? undefined : route.continue();
  });
  await again.goto(ben.url());
  await expect.poll(() => asked).toBeGreaterThanOrEqual(2);
  await again.clock.runFor(120_000);
  for (const name of ['one', 'two'])
    await expect(log(again).getByRole('img', { name: new RegExp(`^Picture: ${name}`) })).toBeVisible();
  await Promise.all([others.close(), second.close()]);
});

test('whoever stands at the top while older messages cannot be fetched sees them once they can, without moving', async ({
  browser,
  world,
  phone,
}) => {
  const writing = await phone.newPage();
  await signInAsGuest(writing);
  const { sessionId } = await seedConversation(writing, 300);
  // A device that holds no more of it than the newest part.
  const another = await browser.newContext({ baseURL: world.url, storageState: await phone.storageState() });
  const page = await another.newPage();
  await page.goto(`/chat/${sessionId}`);
  const said = (n: number) => log(page).getByText(`message ${n}`, { exact: true });
  await expect(said(299)).toBeVisible();
  let lost = 0;
  world.network.loses = (_method, path) => {
    if (!path.startsWith('/trpc/message.list')) return false;
    lost += 1;
    return true;
  };
  const rows = log(page).locator('[data-index]').first();
  await expect
    .poll(async () => {
      await log(page).evaluate((element) => element.scrollTo(0, 0));
      return lost;
    })
    .toBeGreaterThan(0);
  const first = await rows.textContent();
  world.network.loses = null;
  await expect.poll(() => rows.textContent()).not.toBe(first);
  await another.close();
});
