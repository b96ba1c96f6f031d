import type { Page } from '@playwright/test';
import {
  anotherTab,
  askAgentJay,
  composer,
  groupOfTwo,
  log,
  say,
  signInAsGuest,
  talkToAgentJay,
  trySaying,
} from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const thread = (page: Page) => page.getByRole('complementary', { name: 'Thread' });
const inThread = (page: Page) => thread(page).getByRole('textbox', { name: 'Message this thread' });

async function choose(page: Page, text: string, action: string): Promise<void> {
  const line = log(page).first().locator('[data-index]').filter({ hasText: text }).last();
  await line.hover();
  await line.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

test('what is written in a thread stays with that thread, closed, beside another and after a reload', async ({
  browser,
  product,
}) => {
  test.slow();
  const [ada, ben] = await Promise.all(
    ['Ada', 'Ben'].map(async () => {
      const page = await (await browser.newContext({ baseURL: product.url })).newPage();
      await signInAsGuest(page);
      return page;
    }),
  );
  if (!ada || !ben) throw new Error('Two people were asked for');
  await groupOfTwo(ada, ben, 'Drafts');
  await say(ada, 'Who writes chapter two?');
  await say(ada, 'Who writes chapter three?');
  await composer(ada).first().fill('To the whole group');
  await choose(ada, 'Who writes chapter two?', 'Thread');
  await inThread(ada).fill('I could write two');
  // Escape leaves the field first, and closes only then.
  await inThread(ada).press('Escape');
  await expect(thread(ada)).toBeVisible();
  await ada.keyboard.press('Escape');
  await expect(thread(ada)).toHaveCount(0);
  await choose(ada, 'Who writes chapter three?', 'Thread');
  await expect(inThread(ada)).toHaveValue('');
  await inThread(ada).fill('And three');
  await thread(ada).getByRole('button', { name: 'Close the thread' }).click();
  await choose(ada, 'Who writes chapter two?', 'Thread');
  await expect(inThread(ada)).toHaveValue('I could write two');
  await ada.reload();
  await expect(inThread(ada)).toHaveValue('I could write two');
  await inThread(ada).press('Enter');
  await expect(thread(ada).getByRole('log')).toContainText('I could write two');
  await expect(inThread(ada)).toHaveValue('');
  await expect(composer(ada).first()).toHaveValue('To the whole group');
  await thread(ada).getByRole('button', { name: 'Close the thread' }).click();
  await choose(ada, 'Who writes chapter three?', 'Thread');
  await expect(inThread(ada)).toHaveValue('And three');
});

test('a draft comes back after an edit, saved or cancelled', async ({ page }) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'helo');
  await expect(page.getByRole('button', { name: 'Write again' })).toBeVisible();
  await composer(page).fill('Half a sentence');
  await choose(page, 'helo', 'Edit');
  await expect(composer(page)).toHaveValue('helo');
  await composer(page).fill('something else');
  await composer(page).press('Escape');
  await expect(composer(page)).toHaveValue('Half a sentence');
  await choose(page, 'helo', 'Edit');
  await composer(page).fill('hello');
  await composer(page).press('Enter');
  await expect(log(page).getByText('hello', { exact: true })).toBeVisible();
  await expect(composer(page)).toHaveValue('Half a sentence');
  await page.reload();
  await expect(composer(page)).toHaveValue('Half a sentence');
});

test('what was typed a moment before the app is put away is stored (invariant 19)', async ({
  page,
  context,
}) => {
  await page.clock.install();
  await signInAsGuest(page);
  await askAgentJay(page);
  const beside = await anotherTab(context, new URL(page.url()).pathname);
  await expect(composer(beside)).toHaveValue('');
  // No pause in the typing comes to its end: an app that is put away runs no timers.
  await page.clock.pauseAt(Date.now() + 60_000);
  await composer(page).pressSequentially('In a lift');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(composer(beside)).toHaveValue('In a lift');
});

test('an edit goes on after its tab is lost, beside no tab that has it open, and ends once it is saved or given up', async ({
  page,
  context,
}) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await say(page, 'My frist words');
  const { pathname } = new URL(page.url());
  const editing = (tab: Page) => tab.getByText('Editing your message');
  await composer(page).press('ArrowUp');
  await composer(page).fill('My first words, and m');
  // Another tab reads what is written there once this one has stored it.
  const beside = await anotherTab(context, pathname);
  await expect(log(beside)).toContainText('My frist words');
  await composer(beside).fill('Something else');
  await expect(beside.getByRole('navigation', { name: 'Conversations' })).toContainText(
    'Draft: Something else',
  );
  await beside.reload();
  await expect(composer(beside)).toHaveValue('Something else');
  await expect(editing(beside)).toHaveCount(0);
  await beside.close();

  await page.close();
  const next = await anotherTab(context, pathname);
  await expect(editing(next)).toBeVisible();
  await expect(composer(next)).toHaveValue('My first words, and m');
  await composer(next).press('Escape');
  await expect(composer(next)).toHaveValue('Something else');
  await next.reload();
  await expect(composer(next)).toHaveValue('Something else');
  await composer(next).fill('');
  await composer(next).press('ArrowUp');
  await composer(next).fill('My first words, and more');
  await next.reload();
  await expect(composer(next)).toHaveValue('My first words, and more');
  await composer(next).press('Enter');
  await expect(editing(next)).toHaveCount(0);
  await next.reload();
  await expect(log(next)).toContainText('My first words, and more');
  await expect(editing(next)).toHaveCount(0);
});

test('a message is shown while it is being stored; the composer empties once it is (invariant 19)', async ({
  page,
}) => {
  await talkToAgentJay(page);
  // A disk that takes its time: another transaction holds the outbox until it is told to let go.
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name = '' } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    let isHeld = true;
    const outbox = database.transaction('outbox', 'readwrite').objectStore('outbox');
    const hold = () => {
      if (isHeld) outbox.count().onsuccess = hold;
      else database.close();
    };
    hold();
    Object.assign(window, {
      letGo: () => {
        isHeld = false;
      },
    });
  });
  await composer(page).fill('Still being stored');
  await composer(page).press('Enter');
  await composer(page).press('Enter');
  await expect(log(page).getByText('Still being stored')).toHaveCount(1);
  await expect(composer(page)).toHaveValue('Still being stored');
  // A clock would promise what is not so yet.
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toHaveCount(0);
  await page.evaluate(() => (window as unknown as { letGo(): void }).letGo()); // as added above
  await expect(composer(page)).toHaveValue('');
  await expect(log(page).getByText('Still being stored')).toHaveCount(1);
  await page.reload();
  await expect(log(page).getByText('Still being stored')).toHaveCount(1);
});

test('a message that cannot be stored is taken back from the screen, and its words stay (invariant 19)', async ({
  page,
}) => {
  await talkToAgentJay(page);
  // The commit itself fails, after everything was put in order.
  await page.evaluate(() => {
    const { add } = IDBObjectStore.prototype;
    Object.assign(window, { giveRoom: () => Object.assign(IDBObjectStore.prototype, { add }) });
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...row: Parameters<typeof add>) {
      const { transaction } = this;
      const request = add.apply(this, row);
      setTimeout(() => transaction.abort(), 0);
      return request;
    };
  });
  await trySaying(page, 'Lost on the way');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(composer(page)).toHaveValue('Lost on the way');
  await expect(log(page).getByText('Lost on the way')).toHaveCount(0);
  await page.evaluate(() => (window as unknown as { giveRoom(): void }).giveRoom()); // as added above
  await composer(page).press('Enter');
  await expect(log(page).getByText('Lost on the way')).toHaveCount(1);
  await expect(composer(page)).toHaveValue('');
});

test('text that was pasted with what no server stores goes all the same, and is what was seen', async ({
  page,
}) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await composer(page).focus();
  await composer(page).evaluate((field: HTMLTextAreaElement) => {
    // As a paste sets it: typing cannot make this character.
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value') ?? {};
    set?.call(field, 'Chapter\0 two is done');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(composer(page)).toHaveValue('Chapter two is done');
  await composer(page).press('Enter');
  await expect(log(page)).toContainText('Chapter two is done');
  await expect(page.getByRole('button', { name: 'Write again' })).toBeVisible();
});
