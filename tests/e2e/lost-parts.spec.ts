import type { BrowserContext, Page } from '@playwright/test';
import { calm } from '../faults/chaos-proxy.ts';
import {
  askAgentJay,
  composer,
  greetAgentJay,
  log,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import { expect, nobody, test as unreliable } from '../support/unreliable-story.ts';

const test = unreliable.extend<{ window: BrowserContext; page: Page }>({
  // As in a private window, or on a first visit: no service worker has the app yet.
  window: async ({ browser, world }, use) => {
    const window = await browser.newContext({ baseURL: world.url, serviceWorkers: 'block' });
    await use(window);
    await window.close();
  },
  page: async ({ window }, use) => {
    // Nor has the page had the time to fetch what comes later.
    await window.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }));
    await use(await window.newPage());
  },
});

const details = (page: Page) => page.getByRole('complementary', { name: 'Details' });

/**
 * What a page wants by itself, and may still be fetching once it can be used: lost on its way, one of these would have
 * the page loaded anew.
 */
const withTheScreen = [
  'newest-version',
  'keep-registered',
  'uploader',
  'busy-strip',
  'install-hint',
  'toaster',
  'beside-the-screen',
  'keep-storage',
  'server-writes',
  'restores',
  'untold',
  'describe-copy',
];
const withAnAnswer = [
  'pinned-bar',
  'suggestions',
  'edit-keeper',
  'message-sheets',
  'markdown-renderer',
  'use-formulas',
];

async function untilFetched(page: Page, parts: string[]): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        (names) =>
          names.filter((name) =>
            performance
              .getEntriesByType('resource')
              .every((entry) => !entry.name.includes(`/assets/${name}-`)),
          ),
        parts,
      ),
    )
    .toEqual([]);
}

/** Says how often the page has been loaded since; it may be in use before its own loading has ended. */
async function countLoads(page: Page): Promise<() => number> {
  await page.waitForLoadState('load');
  let loads = 0;
  page.on('load', () => loads++);
  return () => loads;
}

test('what a page lacks while the network is away comes once it is back, without loading the page anew', async ({
  world,
  page,
}) => {
  await signInAsGuest(page);
  await greetAgentJay(page);
  await untilFetched(page, [...withTheScreen, ...withAnAnswer]);
  const loads = await countLoads(page);
  world.network.weather = nobody;
  await say(page, 'This is **important**');
  await expect(log(page).getByText('This is **important**')).toBeVisible();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(details(page)).toHaveCount(0);
  world.network.weather = calm;
  await expect(details(page)).toBeVisible();
  await expect(log(page).locator('strong').filter({ hasText: 'important' })).toBeVisible();
  expect(loads()).toBe(0);
});

test('a page whose part got lost on its way is loaded anew by itself, though not while somebody writes', async ({
  world,
  page,
}) => {
  await page.clock.install();
  await signInAsGuest(page);
  await askAgentJay(page);
  const loads = await countLoads(page);
  // The network is there when asked, and gone a moment later.
  world.network.loses = (method, path) => method === 'GET' && /\/details-/.test(path);
  await composer(page).fill('Half a sentence');
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText('A part of this page got lost on its way.')).toBeVisible();
  expect(loads()).toBe(0);
  world.network.loses = null;
  await page.clock.fastForward(10_000);
  await expect.poll(loads).toBe(1);
  await expect(composer(page)).toHaveValue('Half a sentence');
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(details(page)).toBeVisible();
});

test('a service worker one of whose files got lost is installed at the next try, without loading the page anew', async ({
  world,
  phone,
}) => {
  let isLost = false;
  world.network.loses = (_method, path) => {
    isLost ||= path === '/offline.html';
    return path === '/offline.html';
  };
  const page = await phone.newPage();
  await page.clock.install();
  await signInAsGuest(page);
  const loads = await countLoads(page);
  await expect.poll(() => isLost).toBe(true);
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) === undefined))
    .toBe(true);
  world.network.loses = null;
  await page.clock.fastForward(31_000);
  await untilControlled(page);
  expect(loads()).toBe(0);
});

test('a page that was fetched past the service worker comes under it all the same', async ({ phone }) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await untilControlled(page);
  const devtools = await phone.newCDPSession(page);
  await Promise.all([page.waitForEvent('load'), devtools.send('Page.reload', { ignoreCache: true })]);
  await untilControlled(page);
});

for (const script of ['framework', 'entry.client'])
  test(`a first page whose ${script} got lost begins to work by itself once the network is back`, async ({
    world,
    page,
  }) => {
    let isLost = false;
    world.network.loses = (_method, path) => {
      isLost ||= path.startsWith(`/assets/${script}-`);
      return isLost && path.startsWith('/assets/');
    };
    await page.goto('/sign-in');
    await expect.poll(() => isLost).toBe(true);
    const guest = page.getByRole('button', { name: 'Try as guest' });
    await expect(guest).toBeDisabled();
    world.network.loses = null;
    await expect(guest).toBeEnabled();
  });

test('a screen that is not here while the network is away leaves a way back and stands once it is; a conversation opens at once', async ({
  world,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsGuest(page);
  await untilFetched(page, withTheScreen);
  const newOne = page.getByRole('button', { name: 'New conversation' });
  await newOne.click();
  const general = page.getByRole('button', { name: /^General/ });
  await expect(general).toBeVisible();
  const loads = await countLoads(page);
  world.network.weather = nobody;
  await general.click();
  await expect(composer(page)).toBeVisible();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(composer(page)).toBeHidden();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(composer(page)).toBeVisible();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Back to conversations' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  await page.getByRole('button', { name: 'Settings' }).click();
  world.network.weather = calm;
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  expect(loads()).toBe(0);
});

test('a page whose scripts got lost asks again after a question for them that is never answered', async ({
  world,
  page,
}) => {
  await page.clock.install();
  let isLost = false;
  world.network.loses = (_method, path) => {
    isLost ||= path.startsWith('/assets/entry.client-');
    return isLost && path.startsWith('/assets/');
  };
  let asked = 0;
  // The first one is never answered.
  await page.route('**/assets/**', (route) => {
    if (route.request().method() !== 'HEAD') return route.continue();
    asked += 1;
    return asked === 1 ? undefined : route.continue();
  });
  await page.goto('/sign-in');
  await expect.poll(() => isLost).toBe(true);
  await expect
    .poll(async () => {
      await page.clock.fastForward(1_000);
      return asked;
    })
    .toBe(1);
  world.network.loses = null;
  await expect
    .poll(async () => {
      await page.clock.fastForward(5_000);
      return asked;
    })
    .toBeGreaterThan(1);
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeEnabled();
});

test('a page whose style got lost is styled once it can be had, without being loaded anew', async ({
  world,
  page,
}) => {
  world.network.loses = (_method, path) => path.endsWith('.css');
  await page.goto('/sign-in');
  const loads = await countLoads(page);
  const name = page.getByRole('main').getByText('J Star Chat');
  const display = () => name.evaluate((element) => getComputedStyle(element).display);
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeEnabled();
  expect(await display()).toBe('block');
  world.network.loses = null;
  await expect.poll(display).toBe('flex');
  expect(loads()).toBe(0);
});

test('a search goes on where its worker got lost on its way: with what the server finds, and then with what is here', async ({
  world,
  page,
}) => {
  await page.clock.install();
  await signInAsGuest(page);
  await greetAgentJay(page);
  // The answer is whole, so that the server finds it too.
  await expect(page.getByRole('button', { name: 'Good answer' })).toBeVisible();
  world.network.loses = (_method, path) => path.startsWith('/assets/search-worker-');
  const found = page.getByRole('region', { name: 'Messages' });
  const field = page.getByRole('searchbox', { name: 'Search conversations and messages' });
  await field.fill('hello');
  await page.clock.runFor(1_000);
  await expect(found.getByRole('link')).toHaveCount(2);
  world.network.loses = null;
  const [worker] = await Promise.all([page.waitForEvent('worker'), page.clock.runFor(60_000)]);
  expect(worker.url()).toContain('search-worker');
  world.network.loses = (_method, path) => path.startsWith('/trpc/message.search');
  await field.fill('Agent');
  await page.clock.runFor(1_000);
  await expect(found.getByRole('link')).toHaveCount(1);
  await expect(found).toContainText('on this device');
});
