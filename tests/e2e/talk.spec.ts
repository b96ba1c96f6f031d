import type { Browser, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { composer, groupOfTwo, log, say, signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

async function guest(browser: Browser, baseURL: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await signInAsGuest(page);
  return page;
}

/** From the menu of the message with these words. */
async function choose(page: Page, text: string, action: string): Promise<void> {
  const line = log(page).first().locator('[data-index]').filter({ hasText: text }).last();
  await line.hover();
  await line.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Two devices of one person, and what can be done on the first about a group of theirs. */
async function twoDevices(browser: Browser, baseURL: string, title: string) {
  const context = await browser.newContext({ baseURL });
  const here = await context.newPage();
  await signInAsGuest(here);
  const there = await (
    await browser.newContext({ baseURL, storageState: await context.storageState() })
  ).newPage();
  await there.goto('/chat');
  await here.getByRole('button', { name: 'New conversation' }).click();
  await here.getByRole('button', { name: 'With a group' }).click();
  await here.getByLabel('Name of the group').fill(title);
  await here.getByRole('button', { name: 'Start' }).click();
  await expect(there.getByRole('link', { name: new RegExp(title) })).toBeVisible();
  const make = async (action: string) => {
    await here.getByRole('button', { name: `Actions for ${title}` }).focus();
    await here.keyboard.press('Enter');
    await here.getByRole('menuitem', { name: action, exact: true }).click();
  };
  return { here, there, make };
}

// Two browsers each, and a network that comes back after a pause.
test.slow();

const quiet = (page: Page) => page.getByRole('img', { name: 'Waiting for the network' });

test('reactions of two people at once are both kept, also one from the whole picker while the network is cut', async ({
  browser,
  product,
}) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Reactions');
  await say(ada, 'The proposal is through');
  await expect(log(ben)).toContainText('The proposal is through');
  await cut(ada);
  await choose(ada, 'The proposal is through', 'Choose an emoji');
  await ada.getByRole('dialog').getByRole('searchbox').fill('party popper');
  await ada.getByRole('dialog').locator('[aria-label="party popper" i]').click();
  await expect(log(ada).getByRole('button', { name: '🎉 1' })).toBeVisible();
  await choose(ben, 'The proposal is through', 'React 👍');
  await heal(ada);
  for (const page of [ada, ben]) {
    await expect(log(page).getByRole('button', { name: '🎉 1' })).toBeVisible({ timeout: 30_000 });
    await expect(log(page).getByRole('button', { name: '👍 1' })).toBeVisible();
  }
});

test('a thread is written with the network cut, arrives once, and has an unread count of its own', async ({
  browser,
  product,
}) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Threads');
  await say(ada, 'Who writes chapter two?');
  await expect(log(ben)).toContainText('Who writes chapter two?');
  await choose(ben, 'Who writes chapter two?', 'Thread');
  const thread = ben.getByRole('complementary', { name: 'Thread' });
  await cut(ben);
  const field = thread.getByRole('textbox', { name: 'Message this thread' });
  await field.fill('I can');
  await field.press('Enter');
  await expect(thread.getByRole('log')).toContainText('I can');
  await expect(quiet(ben).first()).toBeVisible();
  await heal(ben);
  await expect(log(ada)).toContainText('I can', { timeout: 30_000 });
  await log(ada).getByRole('button', { name: '1 reply 1 new' }).click();
  const adas = ada.getByRole('complementary', { name: 'Thread' });
  await expect(adas.getByRole('log')).toContainText('I can');
  await ada.getByRole('button', { name: 'Close the thread' }).click();
  await expect(log(ada).getByRole('button', { name: '1 reply', exact: true })).toBeVisible();
});

test('a message is taken back before anyone has read it, and leaves nothing to see', async ({
  browser,
  product,
}) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Undo');
  await ben.goto('/chat');
  await say(ada, 'Not for you');
  await log(ada).getByRole('button', { name: 'undo' }).click();
  await expect(log(ada)).toBeHidden();
  await say(ada, 'For you');
  await ben.getByRole('link', { name: /Undo/ }).click();
  await expect(log(ben)).toContainText('For you');
  await expect(log(ben)).not.toContainText('deleted');
});

test('edits keep what was said before; pins are for all, stars for oneself', async ({ browser, product }) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Marks');
  await say(ada, 'Meet at two');
  await choose(ada, 'Meet at two', 'Edit');
  await composer(ada).fill('Meet at three');
  await composer(ada).press('Enter');
  await expect(log(ben)).toContainText('Meet at three');
  await log(ben).getByRole('button', { name: 'edited' }).click();
  await expect(ben.getByRole('dialog')).toContainText('Meet at two');
  await ben.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await choose(ben, 'Meet at three', 'Star');
  await choose(ben, 'Meet at three', 'Pin for everyone');
  await expect(
    ada.getByRole('button', { name: /^Go to the pinned message: .*Meet at three$/ }),
  ).toBeVisible();
  await ben.getByRole('button', { name: 'Starred messages' }).click();
  await ben
    .getByRole('region', { name: 'Starred messages' })
    .getByRole('link', { name: /Meet at three/ })
    .click();
  await expect(log(ben)).toContainText('Meet at three');
});

test('a mention is completed, shows in the list, and the badge leads to the first unread message', async ({
  browser,
  product,
}) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Mentions');
  await ben.goto('/chat');
  await composer(ada).pressSequentially('@every');
  await ada.getByRole('option', { name: 'everyone' }).click();
  await composer(ada).pressSequentially('look here');
  await composer(ada).press('Enter');
  await say(ada, 'and here');
  await expect(ben.getByText('one speaks to you')).toBeAttached();
  await ben.getByRole('link', { name: '2 unread' }).click();
  await expect(ben).toHaveURL(/m=/);
  await expect(log(ben)).toContainText('@everyone look here');
});

test('pinning, muting and archiving go to all of one’s devices, also when done offline', async ({
  browser,
  product,
}) => {
  const { here, there, make } = await twoDevices(browser, product.url, 'Mine');
  await cut(here);
  await make('Pin to the top');
  await make('Mute');
  await expect(here.getByRole('img', { name: 'Muted' })).toBeVisible();
  await heal(here);
  await expect(there.getByRole('img', { name: 'Pinned' })).toBeVisible({ timeout: 30_000 });
  await expect(there.getByRole('img', { name: 'Muted' })).toBeVisible();
  await make('Archive');
  await expect(there.getByRole('link', { name: /Mine/ })).toBeHidden();
  await there.getByRole('button', { name: 'Archived' }).click();
  await expect(there.getByRole('link', { name: /Mine/ })).toBeVisible();
});

test('a conversation marked as unread with the network cut is so on all of one’s devices, until it is read on one', async ({
  browser,
  product,
}) => {
  const { here, there, make } = await twoDevices(browser, product.url, 'Later');
  const mark = (page: Page) => page.getByText('marked as unread');
  await there.goto('/chat');
  await cut(here);
  await make('Mark as unread');
  await expect(mark(here)).toBeAttached();
  await expect(mark(there)).toHaveCount(0);
  await heal(here);
  await expect(mark(there)).toBeAttached({ timeout: 30_000 });
  await there.getByRole('button', { name: 'Unread 1', exact: true }).click();
  await there.getByRole('link', { name: /Later/ }).click();
  await expect(there.getByRole('heading', { name: 'Later' })).toBeVisible();
  for (const page of [there, here]) await expect(mark(page)).toHaveCount(0);
});

test('an owner renames a group and makes somebody else one with the network cut; who was removed keeps what they saw and gets nothing more', async ({
  browser,
  product,
}) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Roles');
  await say(ada, 'Seen by both');
  await expect(log(ben)).toContainText('Seen by both');
  await ada.getByRole('button', { name: 'Details' }).click();
  const details = ada.getByRole('complementary');
  await cut(ada);
  await details.getByLabel('Title').fill('Council');
  await details.getByRole('button', { name: 'Save' }).first().click();
  await expect(ada.getByRole('heading', { name: 'Council' })).toBeVisible();
  await details.getByRole('button', { name: /^Manage Guest/ }).click();
  await ada.getByRole('menuitem', { name: 'Make an owner too' }).click();
  await expect(details.getByText('owner', { exact: true })).toHaveCount(2);
  await ben.getByRole('button', { name: 'Details' }).click();
  const bens = ben.getByRole('complementary', { name: 'Details' });
  await expect(bens.getByText('owner', { exact: true })).toHaveCount(1);
  await expect(ben.getByRole('heading', { name: 'Roles' })).toBeVisible();
  await heal(ada);
  await expect(ben.getByRole('heading', { name: 'Council' })).toBeVisible({ timeout: 30_000 });
  await expect(bens.getByText('owner', { exact: true })).toHaveCount(2);
  await details.getByRole('button', { name: /^Manage Guest/ }).click();
  const remove = ada.getByRole('menuitem', { name: 'Remove' });
  ada.once('dialog', (dialog) => dialog.dismiss());
  await remove.click();
  await expect(bens.getByText('owner', { exact: true })).toHaveCount(2);
  ada.once('dialog', (dialog) => dialog.accept());
  await details.getByRole('button', { name: /^Manage Guest/ }).click();
  await remove.click();
  await expect(ben.getByText('You are no longer in this conversation.')).toBeVisible();
  await details.getByRole('button', { name: 'Close' }).click();
  await say(ada, 'Not for Ben');
  await expect(log(ben)).toContainText('Seen by both');
  await expect(log(ben)).not.toContainText('Not for Ben');
});

test('the info sheet tells every step of a message, and what it waited for', async ({ browser, product }) => {
  const [ada, ben] = [await guest(browser, product.url), await guest(browser, product.url)];
  await groupOfTwo(ada, ben, 'Steps');
  await cut(ada);
  await say(ada, 'Are you there?');
  await quiet(ada).click();
  const sheet = ada.getByRole('dialog', { name: 'Message info' });
  await expect(sheet).toContainText('Written');
  await expect(sheet).toContainText('not yet');
  // It is tried again and again, which shows while one looks.
  const tried = sheet.getByText(/tried (once|\d+ times)/);
  const before = await tried.textContent();
  await expect(tried).not.toHaveText(before ?? '');
  await heal(ada);
  await expect(sheet).toContainText('Reached a device', { timeout: 30_000 });
  await expect(sheet.locator('ol')).not.toContainText('not yet');
  await expect(sheet).toContainText('Read');
});

test('the keyboard goes anywhere: palette, search, help', async ({ browser, product }) => {
  const page = await guest(browser, product.url);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Go anywhere');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Where to, or what to do?').fill('starred');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Starred messages' })).toBeVisible();
});
