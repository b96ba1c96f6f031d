import { calm } from '../faults/chaos-proxy.ts';
import { giveLittleRoom } from '../support/full-device.ts';
import {
  anotherTab,
  composer,
  greetAgentJay,
  log,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import { expect, nobody, test } from '../support/unreliable-story.ts';

test('a device that is full sends what waits, shows what it has also after a reload, and goes on once there is room (invariants 5 and 7)', async ({
  world,
  phone,
  browser,
}) => {
  test.slow();
  const other = await phone.newPage();
  await other.goto('/offline.html');
  const room = await giveLittleRoom(other);
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  // A part that got lost on its way would have the page loaded anew, beside the reload below.
  await untilControlled(page);
  const path = new URL(page.url()).pathname;
  world.network.weather = nobody;
  world.network.cut();
  await say(page, 'thanks');
  await say(page, 'What about ethics?');
  const waits = page.getByRole('img', { name: 'Waiting for the network' });
  await expect(waits.first()).toBeVisible();
  await room.fill();
  const pushed = page.waitForResponse((response) => response.url().includes('/trpc/outbox.push'));
  world.network.weather = calm;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  expect((await pushed).ok()).toBe(true);
  const full = page.getByRole('alert').filter({ hasText: 'This device is full' });
  await expect(full).toBeVisible();
  // Seen from elsewhere, it was said once.
  const laptop = await browser.newContext({
    baseURL: world.product().url,
    storageState: await phone.storageState(),
  });
  const elsewhere = await anotherTab(laptop, path);
  await expect(log(elsewhere).getByText('thanks', { exact: true })).toHaveCount(1);
  await expect(log(elsewhere).getByText('What about ethics?')).toHaveCount(1);
  // Whoever comes back to it finds what it holds.
  await page.reload();
  await expect(log(page)).toContainText('What about ethics?');
  await expect(full).toBeVisible();
  await composer(page).fill('Half a sentence');
  await expect(full).toBeVisible();
  await room.free();
  await expect(log(page)).toContainText('You are welcome', { timeout: 40_000 });
  await expect(full).toBeHidden({ timeout: 40_000 });
  await expect(waits).toHaveCount(0);
  await expect(log(page).getByText('thanks', { exact: true })).toHaveCount(1);
  await expect(composer(page)).toHaveValue('Half a sentence');
  await laptop.close();
});
