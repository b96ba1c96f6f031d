import { calm } from '../faults/chaos-proxy.ts';
import {
  anotherTab,
  greetAgentJay,
  groupOfTwo,
  log,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import { expect, nobody, test } from '../support/unreliable-story.ts';

test('a start with nothing on the device and nobody to ask goes on by itself once the server answers (invariant 11)', async ({
  world,
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  await untilControlled(page);
  // The browser cleared what it held; the worker and the cookie are still here.
  await page.goto('/offline.html');
  await page.evaluate(() => localStorage.clear());
  world.network.weather = nobody;
  world.network.cut();
  await page.goto('/chat');
  await expect(page.getByText('The server cannot be reached right now')).toBeVisible();
  world.network.weather = calm;
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('Agent Jay', {
    timeout: 40_000,
  });
});

test('an address that leads to nothing leads back, and the app does not open there again', async ({
  phone,
}) => {
  const page = await phone.newPage();
  await signInAsGuest(page);
  await greetAgentJay(page);
  for (const nowhere of ['01936f5e-7c9b-7d3a-a1b2-0123456789ab', 'no-id-at-all']) {
    await page.goto(`/chat/${nowhere}`);
    await page.getByRole('link', { name: 'Back to conversations' }).click();
    await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText('Agent Jay');
  }
  const again = await anotherTab(phone, '/chat?resume');
  await expect(log(again)).toContainText('Hello! I am Agent Jay');
});

test('a conversation whose row was lost here comes back: when something is said in it, or when it is opened (M2)', async ({
  browser,
  world,
  phone,
}) => {
  const ada = await phone.newPage();
  await signInAsGuest(ada);
  const ben = await (await browser.newContext({ baseURL: world.url })).newPage();
  await signInAsGuest(ben);
  await groupOfTwo(ada, ben, 'Bees');
  await say(ben, 'first');
  await expect(log(ada)).toContainText('first');
  const path = new URL(ada.url()).pathname;
  const loseRow = async () => {
    await ada.goto('/chat');
    await expect(ada.getByRole('navigation', { name: 'Conversations' })).toContainText('Bees');
    await ada.evaluate(async () => {
      const all = await indexedDB.databases();
      const { name = '' } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
      const opening = indexedDB.open(name);
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const tx = opening.result.transaction('sessions', 'readwrite');
      tx.objectStore('sessions').clear();
      await new Promise((resolve) => tx.addEventListener('complete', resolve));
      opening.result.close();
    });
    await ada.reload();
    await expect(ada.getByRole('navigation', { name: 'Conversations' })).toContainText('Nothing here yet');
  };
  await loseRow();
  await say(ben, 'second');
  await expect(ada.getByRole('navigation', { name: 'Conversations' })).toContainText('second');
  await loseRow();
  await ada.goto(path);
  await expect(log(ada)).toContainText('second');
});
