import type { Page } from '@playwright/test';
import { calm } from '../faults/chaos-proxy.ts';
import {
  anotherTab,
  askAgentJay,
  composer,
  greetAgentJay,
  log,
  say,
  signIn,
  signInAsGuest,
  signUp,
  untilControlled,
} from '../support/people.ts';
import { expect, nobody, test } from '../support/unreliable-story.ts';

/** Whose copies are here. */
const held = (page: Page) =>
  page.evaluate(async () => {
    const names = (await indexedDB.databases()).map((database) => database.name);
    return names.filter((name) => name?.startsWith('j-star-chat:'));
  });

test('signing out with no network warns of what is unsent, wipes the phone, and holds once there is one (invariants 25 and 26)', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'My secret topic is bees');
  await expect(log(page)).toContainText('bees');
  await untilControlled(page);
  const otherTab = await anotherTab(phone, new URL(page.url()).pathname);
  await expect(log(otherTab)).toContainText('bees');
  world.network.weather = nobody;
  world.network.cut();
  await say(page, 'And honey');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  await page.goto('/chat/settings');
  const asked: string[] = [];
  page.once('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => asked[0]).toContain('One change has not been sent yet and would be lost');
  expect((await held(page)).length).toBe(1);
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('This page needs the network')).toBeVisible();
  // The other tab lets go of it in its own time.
  await expect.poll(() => held(page)).toEqual([]);
  await expect(otherTab.getByText('bees')).toHaveCount(0);
  // Opened again offline: nothing of hers, though her cookie still lives.
  await page.goto('/chat');
  await expect(page.getByText('You are signed out, and nothing of yours is on this device')).toBeVisible();
  world.network.weather = calm;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('Nothing here yet');
});

test('a tab that has not heard yet of a sign-out in another makes no copy anew (invariant 26)', async ({
  phone,
}) => {
  const late = await phone.newPage();
  await signInAsGuest(late);
  await askAgentJay(late);
  // What localStorage holds reaches a busy tab late: this one goes on reading what it held.
  await late.evaluate(() => {
    const account = localStorage.getItem('j-star-chat:account');
    const read = localStorage.getItem.bind(localStorage);
    Storage.prototype.getItem = (key) => (key === 'j-star-chat:account' ? account : read(key));
  });
  const page = await anotherTab(phone, '/chat/settings');
  expect((await held(page)).length).toBe(1);
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  await expect(late.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  expect(await held(page)).toEqual([]);
});

test('a captive portal’s page is no answer to a sign-out: nobody is here again, and the server hears of it later (invariant 26)', async ({
  world,
  phone,
}) => {
  // A sign-up, a sign-out and a sign-in.
  test.slow();
  const page = await phone.newPage();
  const ada = await signUp(page, 'Ada');
  await greetAgentJay(page);
  await untilControlled(page);
  const pages = ['<html>Welcome to Campus WiFi. Sign in.</html>', '{"status":"login required"}'];
  world.network.portal = (path) => (path.startsWith('/api/auth/') ? (pages[0] ?? null) : null);
  await page.goto('/chat/settings');
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Sign out' }).click();
  const left = 'You are signed out, and nothing of yours is on this device';
  await expect(page.getByText(left)).toBeVisible();
  pages.shift();
  await page.reload();
  await expect(page.getByText(left)).toBeVisible();
  expect(await held(page)).toEqual([]);
  // Past the portal: the server is told, and only then is anybody let in.
  pages.shift();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  await page.goto('/chat');
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  // Nor does one sign anybody in.
  pages.push('<html></html>');
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await expect(page.getByRole('alert')).toContainText('The server could not be reached');
  pages.shift();
  await signIn(page, ada);
});

test('signing out waits for no tab that hangs: what it holds is empty, and the account gone (invariant 26)', async ({
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  await say(page, 'My secret topic is bees');
  // It keeps its handle, whatever it is asked.
  const hung = await anotherTab(phone, '/offline.html');
  const rows = await hung.evaluateHandle(async () => {
    const [{ name = '' } = {}] = (await indexedDB.databases()).filter((one) =>
      one.name?.startsWith('j-star-chat:'),
    );
    const opening = indexedDB.open(name);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const database = opening.result;
    return () => {
      const counts = [...database.objectStoreNames].map((store) => {
        const counting = database.transaction(store).objectStore(store).count();
        return new Promise<number>((resolve) => {
          counting.onsuccess = () => resolve(counting.result);
        });
      });
      return Promise.all(counts).then((all) => all.reduce((sum, count) => sum + count));
    };
  });
  expect(await rows.evaluate((count) => count())).toBeGreaterThan(2);
  await page.goto('/chat/settings');
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible({ timeout: 20_000 });
  expect(await rows.evaluate((count) => count())).toBe(0);
  await hung.close();
  await expect.poll(() => held(page)).toEqual([]);
});

test('an auth session that ends pauses everything, discards nothing, and goes on for the same account alone (invariant 25)', async ({
  world,
  phone,
  browser,
}) => {
  // Three people's worth of signing in and out.
  test.slow();
  const page = await phone.newPage();
  const ada = await signUp(page, 'Ada');
  await greetAgentJay(page);
  const path = new URL(page.url()).pathname;
  await untilControlled(page);
  // The auth session is ended elsewhere while this phone is away.
  world.network.weather = nobody;
  world.network.cut();
  await say(page, 'thanks');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  const cookies = await phone.storageState();
  const elsewhere = await browser.newContext({ baseURL: world.product().url, storageState: cookies });
  const ended = await elsewhere.request.post('/api/auth/sign-out', {
    data: {},
    headers: { origin: world.url },
  });
  expect(ended.ok()).toBe(true);
  await elsewhere.close();
  world.network.weather = calm;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByText('Signed out on this device').filter({ visible: true }).first()).toBeVisible({
    timeout: 40_000,
  });
  // Somebody else signs in on the same phone: hers is neither shown nor sent.
  const bens = await phone.newPage();
  await signInAsGuest(bens);
  await expect(bens.getByRole('navigation', { name: 'Conversations' })).toContainText('Nothing here yet');
  await expect(page.getByText('thanks', { exact: true })).toHaveCount(0);
  // Nor does the app open where she was.
  await bens.goto('/chat?resume');
  await expect(bens).toHaveURL(/\/chat$/);
  await expect(bens.getByRole('navigation', { name: 'Conversations' })).toContainText('Nothing here yet');
  await bens.goto('/chat/settings');
  bens.on('dialog', (dialog) => dialog.accept());
  await bens.getByRole('button', { name: 'Sign out' }).click();
  await expect(bens.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  expect((await held(bens)).length).toBe(1);
  // The other tab leaves by itself, and is closed once it has: a page that is closed while it goes elsewhere can hang.
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  await page.close();
  await signIn(bens, ada);
  await bens.goto(path);
  await expect(log(bens)).toContainText('You are welcome', { timeout: 40_000 });
  expect(await log(bens).getByText('thanks', { exact: true }).count()).toBe(1);
  await expect(composer(bens)).toBeVisible();
});
