import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { composer, groupOfTwo, log, say, signInAsGuest, untilControlled } from '../support/people.ts';
import { photo } from '../support/pictures.ts';
import { expect, test } from '../support/story.ts';

async function guest(browser: Browser, baseURL: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ baseURL, ...options })).newPage();
  await signInAsGuest(page);
  return page;
}

interface Given {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const choose = (page: Page, ...files: Given[]) => page.getByTestId('file-picker').setInputFiles(files);
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).click();
const aPhoto = async (name = 'whiteboard.jpg'): Promise<Given> => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await photo(1_200, 900),
});

test('a photo is sent, seen on the other device, opened large and kept for later', async ({
  browser,
  product,
}) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Team Photo');
  await choose(ada, await aPhoto(), {
    name: 'notes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('a,b\n1,2\n'),
  });
  await expect(ada.getByRole('list', { name: 'Files to be sent' }).getByRole('listitem')).toHaveCount(2);
  await composer(ada).fill('Our board today');
  await send(ada);
  await expect(ada.getByRole('list', { name: 'Files to be sent' })).toBeHidden();

  const picture = log(ben).getByRole('button', { name: /^Open picture whiteboard/ });
  await expect(picture.getByRole('img', { name: /^Picture: whiteboard/ })).toBeVisible();
  await expect(log(ben)).toContainText('Our board today');
  await picture.click();
  const viewer = ben.getByRole('dialog', { name: /whiteboard/ });
  await expect(viewer.getByRole('img')).toHaveJSProperty('naturalWidth', 900);
  await ben.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  const [saved] = await Promise.all([
    ben.waitForEvent('download'),
    log(ben)
      .getByRole('button', { name: /^Save notes.csv/ })
      .click(),
  ]);
  expect(saved.suggestedFilename()).toBe('notes.csv');

  // Offline it is still there; what was never opened says so.
  await untilControlled(ben);
  await ben.context().setOffline(true);
  await picture.click();
  await expect(viewer.getByRole('img')).toHaveJSProperty('naturalWidth', 900);
});

test('a photo without a word is forwarded, also while there is no network', async ({ browser, product }) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Field trip');
  await choose(ada, await aPhoto('maize.jpg'));
  await send(ada);
  await groupOfTwo(ada, ben, 'Supervisors');
  await ada.getByRole('link', { name: /Field trip/ }).click();
  const picture = (page: Page) =>
    log(page)
      .getByRole('button', { name: /^Open picture maize/ })
      .getByRole('img');
  await expect(picture(ada)).toBeVisible();
  await untilControlled(ada);
  await ada.context().setOffline(true);
  const line = log(ada)
    .locator('[data-index]')
    .filter({ has: ada.getByRole('button', { name: /^Open picture maize/ }) });
  await line.hover();
  await line.getByRole('button', { name: 'More actions' }).click();
  await ada.getByRole('menuitem', { name: 'Forward' }).click();
  const sheet = ada.getByRole('dialog', { name: 'Forward to…' });
  await expect(sheet).toContainText('maize.webp');
  await sheet.getByRole('checkbox', { name: /Supervisors/ }).check();
  await sheet.getByRole('button', { name: 'Forward' }).click();
  await ada.getByRole('link', { name: /Supervisors/ }).click();
  await expect(picture(ada)).toBeVisible();
  await ada.context().setOffline(false);
  await expect(picture(ben)).toBeVisible({ timeout: 30_000 });
  await expect(log(ben)).toContainText('Forwarded');
});

test('an upload that the network cuts in the middle goes on, and words behind it wait for it', async ({
  browser,
  product,
}) => {
  // The network is cut for the page alone; a service worker would bring the rest up past it.
  const ada = await guest(browser, product.url, { serviceWorkers: 'block' });
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Team Upload');
  let sent = 0;
  let isCut = true;
  await ada.route('**/api/attachments/**', async (route) => {
    const bytes = route.request().postDataBuffer()?.length ?? 0;
    if (isCut && route.request().method() === 'PATCH' && sent > 300_000) return route.abort();
    sent += bytes;
    return route.continue();
  });
  const size = 1_500_000;
  await choose(ada, { name: 'thesis.zip', mimeType: 'application/zip', buffer: randomBytes(size) });
  await send(ada);
  await say(ada, 'That was chapter one');
  await expect(log(ada).getByText('Waiting to be sent')).toBeVisible();
  await expect(log(ada)).toContainText('That was chapter one');
  // Nothing has come yet, so there is no log.
  await expect(ben.getByText('Nobody has written yet')).toBeVisible();
  await ada.reload();
  await expect(log(ada).getByRole('button', { name: /^Save thesis.zip/ })).toBeVisible();
  isCut = false;
  await expect(log(ben).getByRole('button', { name: /^Save thesis.zip, 1.5/ })).toBeVisible({
    timeout: 30_000,
  });
  await expect(log(ben)).toContainText('That was chapter one');
  const said = await log(ben).textContent();
  expect(said?.indexOf('thesis.zip')).toBeLessThan(said?.indexOf('chapter one') ?? 0);
  // Nothing that had arrived went up again.
  expect(sent).toBeLessThan(size * 1.4);
});

test('a picture is pasted; what is no picture, or nothing, gets a sentence and costs nothing', async ({
  browser,
  product,
}) => {
  const ada = await guest(browser, product.url);
  await ada.getByRole('button', { name: 'New conversation' }).click();
  await ada.getByRole('button', { name: /^General/ }).click();
  await composer(ada).focus();
  await ada.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    canvas.getContext('2d')?.fillRect(0, 0, 40, 40);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    const data = new DataTransfer();
    data.items.add(new File([blob ?? ''], 'image.png', { type: 'image/png' }));
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true }),
    );
  });
  const strip = ada.getByRole('list', { name: 'Files to be sent' });
  await expect(strip.getByRole('img', { name: 'Picture: image.png' })).toBeVisible();
  await choose(ada, { name: 'virus.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') });
  await expect(ada.getByRole('alert')).toContainText('“virus.png” can’t be read as a picture');
  await choose(ada, { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await expect(ada.getByRole('alert')).toContainText('“empty.txt” is empty');
  // What only the server can see is told by the server, and the message stays with its way out.
  await strip.getByRole('button', { name: /^Remove/ }).click();
  await choose(ada, {
    name: 'setup.bin',
    mimeType: '',
    buffer: Buffer.concat([Buffer.from('MZ'), randomBytes(500)]),
  });
  await composer(ada).fill('Install this');
  await send(ada);
  await expect(log(ada).getByRole('alert')).toContainText('“setup.bin” is a program');
  await log(ada).getByRole('button', { name: 'discard' }).click();
  await expect(log(ada)).toBeHidden();
});

test('a photo taken with no network waits with its message, and can be taken back', async ({
  browser,
  product,
}) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Team Offline');
  await untilControlled(ada);
  await ada.context().setOffline(true);
  await choose(ada, await aPhoto('first.jpg'));
  await send(ada);
  await choose(ada, await aPhoto('second.jpg'));
  await send(ada);
  await expect(log(ada).getByRole('img', { name: /^Picture: (first|second)/ })).toHaveCount(2);
  await log(ada).getByRole('button', { name: 'Do not send' }).last().click();
  await expect(log(ada).getByRole('img', { name: /^Picture:/ })).toHaveCount(1);
  await ada.context().setOffline(false);
  await expect(log(ben).getByRole('img', { name: /^Picture: first/ })).toBeVisible({ timeout: 30_000 });
  await expect(log(ada).getByText('Waiting to be sent')).toBeHidden();
  await expect(log(ben).getByRole('img', { name: /^Picture:/ })).toHaveCount(1);
});
