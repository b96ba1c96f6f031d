import type { Page } from '@playwright/test';
import { makeNextVersion, type NextVersion } from '../support/next-version.ts';
import {
  anotherTab,
  askAgentJay,
  composer,
  log,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import { expect, test as unreliable } from '../support/unreliable-story.ts';

const test = unreliable.extend<{ next: NextVersion }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern
  next: async ({}, use) => {
    const next = makeNextVersion();
    await use(next);
    next.remove();
  },
});

/** Which version a page runs, by the name of its style sheet: those of its scripts go once they run. */
const versionOf = (page: Page) =>
  page.evaluate(() => document.querySelector('link[rel=stylesheet]')?.getAttribute('href'));

const takeIt = (page: Page) => page.getByRole('button', { name: 'Use it now' });

test('a page whose version is gone from the server offers the new one where a part of it is missing, and keeps what is written', async ({
  world,
  browser,
  next,
}) => {
  test.slow();
  // As in a private window, where there is no service worker.
  const phone = await browser.newContext({ baseURL: world.url, serviceWorkers: 'block' });
  // Nor has it had the time to fetch what comes later.
  await phone.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }));
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  const before = await versionOf(page);
  await world.killServer();
  await world.restartServer(next.serverFile);
  await composer(page).fill('Half a sentence');
  await page.getByRole('button', { name: 'Details' }).click();
  await takeIt(page).click();
  await expect.poll(() => versionOf(page).catch(() => before)).not.toBe(before);
  await expect(composer(page)).toHaveValue('Half a sentence');
  await phone.close();
});

test('a tab of the version before goes on beside a new server, and beside a new tab for as long as something in it is not sent', async ({
  world,
  phone,
  next,
}) => {
  test.slow();
  const page = await phone.newPage();
  await page.clock.install();
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'My frist words');
  await untilControlled(page);
  await page.reload();
  await expect(log(page)).toContainText('My frist words');
  const before = await versionOf(page);
  await world.killServer();
  await world.restartServer(next.serverFile);
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue('My frist words');
  await composer(page).fill('My first words');
  const tookOver = page.evaluate(
    () => new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve)),
  );
  const tab = await anotherTab(phone, new URL(page.url()).pathname);
  await takeIt(tab).click({ timeout: 40_000 });
  await expect.poll(() => versionOf(tab).catch(() => before), { timeout: 40_000 }).not.toBe(before);
  await tookOver;
  await page.clock.fastForward(30_000);
  expect(await versionOf(page)).toBe(before);
  await expect(composer(page)).toHaveValue('My first words');
  await composer(page).press('Escape');
  await page.clock.fastForward(30_000);
  await expect.poll(() => versionOf(page).catch(() => before)).not.toBe(before);
  await expect(log(page)).toContainText('My frist words');
});

test('a page that is too old for what a newer one wrote here says so, and leads to the newer one', async ({
  world,
  phone,
  next,
}) => {
  test.slow();
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  await untilControlled(page);
  await page.reload();
  await expect(composer(page)).toBeVisible();
  const before = await versionOf(page);
  await page.goto('/offline.html');
  // As a tab of the next release upgrades it.
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name = '', version = 0 } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
    const opening = indexedDB.open(name, version + 1);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    opening.result.close();
  });
  await world.killServer();
  await world.restartServer(next.serverFile);
  await page.goto('/chat');
  await expect(page.getByText('written by a newer version of J Star Chat')).toBeVisible();
  expect(await versionOf(page)).toBe(before);
  await takeIt(page).click();
  await expect.poll(() => versionOf(page).catch(() => before), { timeout: 40_000 }).not.toBe(before);
});
