import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { v7 } from 'uuid';
import { askAgentJay, groupOfTwo, log, say, signIn, signInAsGuest, signUp } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

test('somebody is blocked, reported and unblocked again', async ({ browser, product }) => {
  const people = [];
  for (let n = 0; n < 2; n += 1) {
    const page = await (await browser.newContext({ baseURL: product.url })).newPage();
    await signInAsGuest(page);
    people.push(page);
  }
  const [ada, ben] = people;
  if (!ada || !ben) throw new Error('Two people are here');
  await groupOfTwo(ada, ben, 'Group of two');
  await say(ben, 'An insult');
  await expect(log(ada)).toContainText('An insult');

  await ada.getByRole('button', { name: 'Details' }).click();
  const menu = ada.getByRole('button', { name: /^What to do about/ });
  await menu.click();
  await ada.getByRole('menuitem', { name: 'Report' }).click();
  await ada.getByLabel('What is wrong?').fill('He insults people');
  await ada.getByRole('dialog').getByRole('button', { name: 'Report' }).click();
  await expect(ada.getByText('The staff will look at it')).toBeVisible();
  await menu.click();
  await ada.getByRole('menuitem', { name: 'Block' }).click();
  await expect(ada.getByText(/is blocked\. /)).toBeVisible();

  await expect(log(ada).getByText('From somebody you blocked')).toBeVisible();
  await expect(log(ada).getByText('An insult')).toBeHidden();

  await ada.goto('/chat/settings');
  const blocked = ada.getByRole('region', { name: 'Blocked people' });
  await blocked.getByRole('button', { name: 'Unblock' }).click();
  await expect(blocked).toContainText('Nobody.');
  await ada.reload();
  await expect(blocked).toContainText('Nobody.');
});

test('a device is signed out from another', async ({ browser, product }) => {
  const laptop = await (await browser.newContext({ baseURL: product.url })).newPage();
  const ada = await signUp(laptop, 'Ada');

  const phone = await (await browser.newContext({ baseURL: product.url })).newPage();
  await signIn(phone, ada);

  await laptop.goto('/chat/settings');
  const devices = laptop.getByRole('region', { name: 'Signed in on' });
  await expect(devices.getByRole('listitem')).toHaveCount(2);
  await devices.getByRole('button', { name: 'Sign out' }).click();
  await expect(devices.getByRole('listitem')).toHaveCount(1);
  await expect(phone.getByText('Signed out on this device')).toBeVisible({ timeout: 20_000 });
});

test('everything is taken along, and then the account is deleted', async ({ page, product }) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'Keep this sentence');
  await expect(log(page).getByRole('article').last()).toBeVisible();
  await page.goto('/chat/settings');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download everything' }).click(),
  ]);
  const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
  expect(
    Object.values(files)
      .map((bytes) => strFromU8(bytes))
      .join(),
  ).toContain('Keep this sentence');

  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const aFile = () => fetch(`${product.url}/api/attachments/${v7()}`, { headers: { cookie } });
  expect((await aFile()).status).toBe(404);
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(dialog.getByRole('alert').or(dialog.locator('[aria-invalid=true]'))).toBeVisible();
  await dialog.getByRole('textbox').fill('delete');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  expect((await aFile()).status).toBe(401);
  expect(await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name))).toEqual([]);
  expect((await page.request.get('/api/auth/get-session')).status()).toBe(200);
  expect(await (await page.request.get('/api/auth/get-session')).json()).toBeNull();
});

test('what was wrong with signing in is not held against whoever is new', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('nobody@example.org');
  await page.getByLabel('Password').fill('not their password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'I am new here' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
