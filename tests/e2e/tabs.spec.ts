import type { Browser, BrowserContext, Page } from '@playwright/test';
import { anotherTab, askAgentJay, composer, groupOfTwo, log, say, signInAsGuest } from '../support/people.ts';
import { type Product, startProduct } from '../support/product.ts';
import { expect, test } from '../support/story.ts';

async function browserOf(
  browser: Browser,
  baseURL: string,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signInAsGuest(page);
  return { context, page };
}

/** With a product of its own, on which nobody else's tabs open and close streams. */
const counting = test.extend<{ alone: Product }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern
  alone: async ({}, use) => {
    const product = await startProduct();
    await use(product);
    await product.stop();
  },
});

/** How many event streams the server holds for everybody. */
async function openStreams(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^chat_streams (\d+)/m.exec(text)?.[1]);
}

counting(
  'eight tabs share one stream, all of them are live, and another takes over when the first is closed',
  async ({ browser, alone }) => {
    counting.slow();
    const { context, page: first } = await browserOf(browser, alone.url);
    await askAgentJay(first);
    const path = new URL(first.url()).pathname;
    await expect.poll(() => openStreams(alone.url)).toBe(1);
    const others: Page[] = [];
    for (let n = 0; n < 7; n += 1) others.push(await anotherTab(context, path));
    await say(first, 'hello');
    for (const tab of others) await expect(log(tab)).toContainText('Hello! I am Agent Jay');
    expect(await openStreams(alone.url)).toBe(1);
    await first.close();
    const [second, ...rest] = others;
    if (!second) throw new Error('Seven tabs are open');
    await say(second, 'thanks');
    for (const tab of [second, ...rest]) await expect(log(tab)).toContainText('You are welcome');
    for (const tab of others) await expect(log(tab).getByText('thanks', { exact: true })).toHaveCount(1);
    await context.close();
  },
);

/** Whether a transaction over all of the account's copy begins and ends within a second. */
async function isCopyFree(): Promise<boolean> {
  const names = (await indexedDB.databases()).map(({ name = '' }) => name);
  const opening = indexedDB.open(names.find((name) => name.startsWith('j-star-chat:')) ?? '');
  return new Promise((resolve) => {
    opening.onsuccess = () => {
      const db = opening.result;
      const all = db.transaction([...db.objectStoreNames], 'readwrite');
      const timer = setTimeout(() => all.abort(), 1000);
      const done = (isFree: boolean) => () => {
        clearTimeout(timer);
        db.close();
        resolve(isFree);
      };
      all.oncomplete = done(true);
      all.onabort = done(false);
    };
  });
}

counting(
  'a tab that leads and is frozen is replaced by another, and follows once it wakes (invariant 11)',
  async ({ browser, alone }) => {
    counting.slow();
    const { context, page: first } = await browserOf(browser, alone.url);
    await askAgentJay(first);
    await expect.poll(() => openStreams(alone.url)).toBe(1);
    const second = await anotherTab(context, new URL(first.url()).pathname);
    await expect(composer(second)).toBeVisible();
    const devtools = await context.newCDPSession(first);
    // Stopped by the debugger, it holds its lock and its stream, and does nothing any more.
    await devtools.send('Debugger.enable');
    for (;;) {
      const isStopped = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
      await devtools.send('Debugger.pause');
      await isStopped;
      // A browser freezes no tab in the middle of a transaction, which would hold every other tab's.
      if (await second.evaluate(isCopyFree)) break;
      await devtools.send('Debugger.resume');
    }
    await say(second, 'hello');
    // When it was stopped while it drained, its lock is taken from it after a minute.
    await expect(log(second)).toContainText('Hello! I am Agent Jay', { timeout: 100_000 });
    await devtools.send('Debugger.resume');
    await devtools.detach();
    await expect(log(first)).toContainText('Hello! I am Agent Jay');
    // One of them leads, and one alone.
    await expect.poll(() => openStreams(alone.url)).toBe(1);
    await say(first, 'thanks');
    for (const tab of [first, second]) {
      await expect(log(tab)).toContainText('You are welcome');
      await expect(log(tab).getByText('thanks', { exact: true })).toHaveCount(1);
    }
    await context.close();
  },
);

test('what is typed here stands in the composer there, and is gone there once it is sent here', async ({
  browser,
  product,
}) => {
  const { context: phone, page: onPhone } = await browserOf(browser, product.url);
  await askAgentJay(onPhone);
  // The same account on a laptop: another browser with the same cookie.
  const laptop = await browser.newContext({ baseURL: product.url, storageState: await phone.storageState() });
  const onLaptop = await anotherTab(laptop, new URL(onPhone.url()).pathname);
  await expect(composer(onLaptop)).toBeVisible();
  await composer(onPhone).fill('Dear Doctor Okafor, I would like to');
  await expect(composer(onLaptop)).toHaveValue('Dear Doctor Okafor, I would like to');
  await onLaptop.goto('/chat');
  await expect(onLaptop.getByRole('navigation')).toContainText('Draft: Dear Doctor Okafor');
  await composer(onPhone).press('Enter');
  await expect(onLaptop.getByRole('navigation')).not.toContainText('Draft:');
  await Promise.all([phone.close(), laptop.close()]);
});

test('what was begun here and sent from another device does not stay here to be sent twice', async ({
  browser,
  product,
}) => {
  const { context: phone, page: onPhone } = await browserOf(browser, product.url);
  await askAgentJay(onPhone);
  const laptop = await browser.newContext({ baseURL: product.url, storageState: await phone.storageState() });
  const onLaptop = await anotherTab(laptop, new URL(onPhone.url()).pathname);
  await composer(onLaptop).fill('thanks');
  await expect(composer(onPhone)).toHaveValue('thanks');
  await say(onPhone, 'thanks');
  await expect(log(onLaptop)).toContainText('You are welcome');
  // The cursor still stands in it.
  await expect(composer(onLaptop)).toBeFocused();
  await expect(composer(onLaptop)).toHaveValue('', { timeout: 20_000 });
  // What is begun next is nobody else's.
  await composer(onLaptop).fill('And what about ethics?');
  await onPhone.reload();
  await expect(composer(onPhone)).toHaveValue('And what about ethics?');
  await expect(composer(onLaptop)).toHaveValue('And what about ethics?');
  await Promise.all([phone.close(), laptop.close()]);
});

test('rows that are missing on the device, wrong, or none of ours are noticed and mended (M2)', async ({
  browser,
  product,
}) => {
  const { context, page } = await browserOf(browser, product.url);
  const { context: others, page: ben } = await browserOf(browser, product.url);
  await groupOfTwo(page, ben, 'Complete');
  for (const text of ['one', 'two', 'three']) await say(page, text);
  await expect(log(ben)).toContainText('three');
  await expect(page.getByRole('img', { name: 'Read' }).first()).toBeVisible();
  await page.goto('/offline.html');
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const name = all.find((one) => one.name?.startsWith('j-star-chat:'))?.name ?? '';
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const store = database.transaction('messages', 'readwrite').objectStore('messages');
    await new Promise<void>((resolve) => {
      const reading = store.getAll();
      reading.onsuccess = () => {
        for (const row of reading.result) {
          if (row.content === 'one') store.put({ ...row, content: 42 });
          if (row.content === 'two') store.delete(row.id);
          if (row.content === 'three') store.put({ ...row, content: 'thirteen' });
        }
        store.transaction.oncomplete = () => resolve();
      };
    });
    database.close();
  });
  await page.goBack();
  await expect(log(page).getByText('one', { exact: true })).toBeVisible();
  await expect(log(page).getByText('two', { exact: true })).toBeVisible();
  await expect(log(page).getByText('three', { exact: true })).toBeVisible();
  await expect(log(page).getByText('thirteen')).toHaveCount(0);
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText(/nothing is missing on this device/)).toBeVisible();
  await Promise.all([context.close(), others.close()]);
});
