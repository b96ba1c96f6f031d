import type { BrowserContext, Page } from '@playwright/test';
import { calm } from '../faults/chaos-proxy.ts';
import {
  anotherTab,
  askAgentJay,
  composer,
  greetAgentJay,
  groupOfTwo,
  log,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import type { Unreliable } from '../support/unreliable.ts';
import { expect, nobody, test } from '../support/unreliable-story.ts';

const captivePortal = { ...calm, impostor: 1 };

test('opens at the last conversation with no network at all, reads, searches and writes; all of it arrives', async ({
  world,
  phone,
}) => {
  const first = await phone.newPage();
  await signInAsGuest(first);
  await askAgentJay(first);
  await say(first, 'How large should my sample be for 300 students?');
  await expect(log(first)).toContainText('Sources: Handbook');
  // It stands, and not only as far as it has been written.
  await expect(first.getByRole('button', { name: 'Write again' })).toBeVisible();
  await untilControlled(first);
  await world.killServer();
  await first.close();

  const page = await anotherTab(phone, '/chat?resume');
  await expect(log(page)).toContainText('How large should my sample be');
  await expect(
    page
      .getByRole('status')
      .filter({ hasText: /Reconnecting|Offline|Connecting/ })
      .first(),
  ).toBeVisible();
  await say(page, 'thanks');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  await page.getByRole('button', { name: '1 change will be sent' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('thanks');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('searchbox').fill('saturati');
  const found = page.getByRole('region', { name: 'Messages' });
  await expect(found).toContainText('on this device');
  await found.getByRole('link').first().click();
  await expect(log(page)).toContainText('saturation');

  await world.restartServer();
  await expect(log(page)).toContainText('You are welcome', { timeout: 40_000 });
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeHidden();
  expect(await log(page).getByText('thanks', { exact: true }).count()).toBe(1);
});

/** A word of thanks to Agent Jay that nobody takes from this phone, whose worker is in charge. */
async function thanksWait(world: Unreliable, phone: BrowserContext): Promise<{ page: Page; path: string }> {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  await untilControlled(page);
  const path = new URL(page.url()).pathname;
  world.network.weather = nobody;
  world.network.cut();
  await say(page, 'thanks');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  return { page, path };
}

/** As the browser does when it thinks that the network is back. */
async function dispatchSync(phone: BrowserContext, page: Page, origin: string): Promise<void> {
  const devtools = await phone.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [one] = registrations;
      if (one) resolve(one.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const registrationId = await registered;
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    origin,
    registrationId,
    tag: 'outbox',
    lastChance: false,
  });
}

test('what waits goes out by Background Sync when no page is open (invariants 20 and 23)', async ({
  world,
  phone,
}) => {
  const { page, path } = await thanksWait(world, phone);
  // A page of the same origin without the app, so that the worker alone can send.
  await page.goto('/offline.html');
  world.network.weather = calm;
  await dispatchSync(phone, page, world.url);
  const sent = async () =>
    page.evaluate(async (sessionId) => {
      const response = await fetch(`/api/chat?sessionId=${sessionId}`);
      return response.text();
    }, path.split('/').at(-1));
  await expect.poll(sent).toContain('You are welcome');
  expect((await sent()).split('"thanks"').length - 1).toBe(1);
});

test('a captive portal replaces neither the app nor its worker, and acknowledges nothing (invariant 21)', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  await untilControlled(page);
  world.network.weather = captivePortal;
  world.network.cut();
  await say(page, 'Is anybody there?');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update().catch(() => {});
  });
  await page.reload();
  await expect(log(page)).toContainText('Is anybody there?');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  world.network.weather = calm;
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeHidden({ timeout: 40_000 });
});

test('caches hold the app and nobody’s data, and leave nothing but the app after signing out (invariant 26)', async ({
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'My secret topic is bees');
  await expect(log(page)).toContainText('bees');
  await untilControlled(page);
  const cached = () =>
    page.evaluate(async () => {
      const texts: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          texts.push(new URL(request.url).pathname);
          if (!request.url.endsWith('.png')) texts.push((await (await cache.match(request))?.text()) ?? '');
        }
      }
      return texts;
    });
  const before = await cached();
  expect(before).toContain('/chat');
  expect(before.filter((text) => /^\/(trpc|api)\//.test(text) || text.includes('bees'))).toEqual([]);
  await page.goto('/chat/settings');
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  const left = await page.evaluate(async () => [
    (await indexedDB.databases()).map((database) => database.name),
    Object.keys(localStorage),
  ]);
  expect(left).toEqual([[], []]);
  // The next person on this phone sees nothing of it, and needs no new download to be offline.
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('Nothing here yet');
  expect(await cached()).toContain('/chat');
});

test('a broken version of the app mends itself, and what was written is still there', async ({ phone }) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  await untilControlled(page);
  // Every script of the precached version is spoilt.
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        if (request.url.includes('.js'))
          await cache.put(
            request,
            new Response('this is no script', { headers: { 'content-type': 'text/javascript' } }),
          );
    }
  });
  await page.reload();
  await expect(log(page)).toContainText('Hello! I am Agent Jay', { timeout: 30_000 });
});

test('an update is offered, waits while somebody types, and loses nothing of it', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  await untilControlled(page);
  // A new release: the same worker with another last line.
  world.network.edit = (path, answer) => (path === '/sw.js' ? `${answer}\n// the next release` : answer);
  await composer(page).pressSequentially('I am in the middle of');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
  });
  await expect(page.getByText('A new version is ready.')).toBeHidden();
  await composer(page).pressSequentially(' a sentence');
  await page.getByRole('button', { name: 'Use it now' }).click({ timeout: 20_000 });
  await page.waitForEvent('load');
  await expect(composer(page)).toHaveValue('I am in the middle of a sentence');
});

test('a worker that is replaced in the middle of a send loses nothing and doubles nothing (invariants 2 and 22)', async ({
  world,
  phone,
}) => {
  const { page, path } = await thanksWait(world, phone);
  // The worker alone sends; the server does as asked, and its answer never comes.
  await page.goto('/offline.html');
  world.network.weather = { ...calm, hang: 1 };
  await dispatchSync(phone, page, world.url);
  const stored = async () => {
    const cookie = (await phone.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const address = `${world.product().url}/api/chat?sessionId=${path.split('/').at(-1)}`;
    return (await fetch(address, { headers: { cookie } })).text();
  };
  await expect.poll(stored).toContain('"thanks"');
  // A new release takes over while it waits for that answer.
  world.network.edit = (asked, answer) => (asked === '/sw.js' ? `${answer}\n// the next release` : answer);
  world.network.weather = calm;
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
    const next = registration?.installing ?? registration?.waiting;
    const isActive = new Promise<void>((resolve) => {
      next?.addEventListener('statechange', () => {
        if (next.state === 'installed') next.postMessage({ type: 'SKIP_WAITING' });
        if (next.state === 'activated') resolve();
      });
    });
    if (registration?.waiting) registration.waiting.postMessage({ type: 'SKIP_WAITING' });
    await isActive;
  });
  await page.goto(path);
  await expect(log(page)).toContainText('You are welcome');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeHidden({ timeout: 60_000 });
  await expect(log(page).getByText('thanks', { exact: true })).toHaveCount(1);
  expect((await stored()).split('"thanks"').length - 1).toBe(1);
});

test('several tabs that drain at once send each message once (invariant 20)', async ({ world, phone }) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  const path = new URL(page.url()).pathname;
  const tabs = [page, await anotherTab(phone, path), await anotherTab(phone, path)];
  for (const tab of tabs) await expect(composer(tab)).toBeVisible();
  await untilControlled(page);
  world.network.weather = nobody;
  world.network.cut();
  const texts = tabs.map((_, index) => `from tab ${index}`);
  for (const [index, tab] of tabs.entries()) await say(tab, texts[index] ?? '');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  world.network.weather = calm;
  for (const tab of tabs) await tab.evaluate(() => window.dispatchEvent(new Event('online')));
  for (const tab of tabs) {
    await expect(tab.getByRole('img', { name: 'Waiting for the network' })).toHaveCount(0);
    for (const text of texts) await expect(log(tab).getByText(text, { exact: true })).toHaveCount(1);
  }
  const stored = await page.evaluate(
    async (id) => (await fetch(`/api/chat?sessionId=${id}`)).text(),
    path.split('/').at(-1),
  );
  for (const text of texts) expect(stored.split(`"${text}"`).length - 1).toBe(1);
});

test('a message that waits can be edited and taken back', async ({ world, phone, browser }) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  const others = await browser.newContext({ baseURL: world.url });
  const ben = await others.newPage();
  await signInAsGuest(ben);
  await groupOfTwo(page, ben, 'Second thoughts');
  await untilControlled(page);
  world.network.weather = nobody;
  world.network.cut();
  await say(page, 'Frist');
  await say(page, 'Never mind');
  await expect(page.getByRole('img', { name: 'Waiting for the network' }).first()).toBeVisible();
  const more = async (text: string, action: string) => {
    const bubble = log(page).locator('.group', { hasText: text }).last();
    await bubble.hover();
    await bubble.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };
  await more('Never mind', 'Do not send');
  await expect(log(page).getByText('Never mind')).toHaveCount(0);
  await more('Frist', 'Edit');
  await composer(page).fill('First');
  await composer(page).press('Enter');
  await expect(log(page).getByText('First', { exact: true })).toBeVisible();
  world.network.weather = calm;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(log(ben).getByText('First', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(log(ben).getByText('Never mind')).toHaveCount(0);
  await others.close();
});
