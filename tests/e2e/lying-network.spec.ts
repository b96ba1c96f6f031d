import { calm } from '../faults/chaos-proxy.ts';
import { signInAsGuest, untilControlled } from '../support/people.ts';
import { expect, test } from '../support/unreliable-story.ts';

test('what a captive portal says in place of a file is not kept as that file, whatever type it claims or leaves out', async ({
  world,
  phone,
}) => {
  const lie = '{"status":"login required"}';
  let isLied = false;
  world.network.portal = (path) => {
    if (!path.startsWith('/assets/edit-history-')) return null;
    isLied = true;
    return lie;
  };
  const page = await phone.newPage();
  await page.clock.install();
  await signInAsGuest(page);
  await expect.poll(() => isLied).toBe(true);
  world.network.portal = null;
  await expect
    .poll(async () => {
      await page.clock.fastForward(31_000);
      return page.evaluate(() => navigator.serviceWorker.controller !== null);
    })
    .toBe(true);
  const kept = await page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        if (request.url.includes('/assets/edit-history-'))
          found.push((await (await cache.match(request))?.text()) ?? '');
    }
    return found;
  });
  expect(kept).toEqual([expect.stringContaining('import')]);
});

test('a page that cannot begin keeps what is on the device while the server is away, whatever the browser says of the network, and mends itself once it answers', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await untilControlled(page);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        if (request.url.includes('/assets/entry.client-'))
          await cache.put(
            request,
            new Response('throw new Error("broken")', { headers: { 'content-type': 'text/javascript' } }),
          );
    }
  });
  const isRegistered = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration()) !== undefined);
  const lost: string[] = [];
  world.network.loses = (method, path) => {
    lost.push(`${method} ${path}`);
    return true;
  };
  await page.clock.install();
  await page.goto('/chat');
  await page.clock.fastForward(16_000);
  await expect.poll(() => lost).toContainEqual('HEAD /sw.js');
  expect(await isRegistered()).toBe(true);
  world.network.loses = null;
  world.network.weather = calm;
  await page.clock.fastForward(16_000);
  await expect(page.getByRole('button', { name: 'New conversation' })).toBeVisible();
});
