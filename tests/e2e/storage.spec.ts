import type { Page } from '@playwright/test';
import { composer, log, say, talkToAgentJay, trySaying } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

/** What Chromium throws on a full device; its own quota is looked at too rarely to be waited for. */
async function fill(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { add, put } = IDBObjectStore.prototype;
    Object.assign(window, { giveRoom: () => Object.assign(IDBObjectStore.prototype, { add, put }) });
    const refuse = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
    Object.assign(IDBObjectStore.prototype, { add: refuse, put: refuse });
  });
}

test('when the device has no room left, what was written stays in the composer (invariant 19)', async ({
  page,
}) => {
  await talkToAgentJay(page);
  await fill(page);
  await trySaying(page, 'There is no room for this');
  await expect(page.getByRole('alert').filter({ hasText: 'no room left' })).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'This device is full' })).toBeVisible();
  await expect(composer(page)).toBeInViewport({ ratio: 1 });
  await expect(composer(page)).toHaveValue('There is no room for this');
  await expect(log(page).getByText('There is no room for this')).toHaveCount(0);
  await page.evaluate(() => (window as unknown as { giveRoom(): void }).giveRoom()); // as added above
  await composer(page).press('Enter');
  await expect(log(page).getByText('There is no room for this')).toBeVisible();
  await expect(composer(page)).toHaveValue('');
  await expect(page.getByRole('alert').filter({ hasText: 'This device is full' })).toBeHidden();
});

for (const change of ['Good answer', 'Write again'])
  test(`“${change}” that the device has no room for is told of, and does not just do nothing`, async ({
    page,
  }) => {
    await talkToAgentJay(page);
    const button = page.getByRole('button', { name: change }).last();
    await expect(button).toBeVisible();
    await fill(page);
    await button.click();
    await expect(page.getByText('no room left: nothing was changed')).toBeVisible();
  });

test('a tab that is too old for the copy says so, keeps what is being written, and goes on after a reload', async ({
  page,
}) => {
  await talkToAgentJay(page);
  await composer(page).fill('Half a sentence');
  // As a tab of the next release upgrades it.
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name = '', version = 0 } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name, version + 1);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => resolve(opening.result);
    });
    upgraded.close();
  });
  await composer(page).fill('Half a sentence and the rest');
  await expect(page.getByRole('alert').filter({ hasText: 'updated in another tab' })).toBeVisible();
  await expect(composer(page)).toBeInViewport({ ratio: 1 });
  await composer(page).press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'What you wrote is still here' })).toBeVisible();
  await expect(composer(page)).toHaveValue('Half a sentence and the rest');
});

test('a copy that is deleted under the app comes back from the server', async ({ page }) => {
  await talkToAgentJay(page);
  await composer(page).fill('What I was writing');
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name = '' } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
    await new Promise<void>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onerror = () => reject(deleting.error);
      deleting.onsuccess = () => resolve();
    });
  });
  await expect(log(page)).toContainText('Hello! I am Agent Jay');
  // In the moment between the two copies nothing can be stored, and the text stays where it was written.
  await composer(page).fill('thanks');
  await expect(async () => {
    await composer(page).press('Enter');
    await expect(composer(page)).toHaveValue('', { timeout: 500 });
  }).toPass();
  await expect(log(page)).toContainText('You are welcome');
  await page.reload();
  await expect(log(page)).toContainText('You are welcome');
  expect(await log(page).getByText('thanks', { exact: true }).count()).toBe(1);
});

test('what another version queued is kept, told of, and not sent', async ({ page }) => {
  await talkToAgentJay(page);
  await page.evaluate(async () => {
    const all = await indexedDB.databases();
    const { name = '' } = all.find((one) => one.name?.startsWith('j-star-chat:')) ?? {};
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const outbox = database.transaction('outbox', 'readwrite').objectStore('outbox');
    const rest = { sessionId: null, error: null, attempts: 0, lastAttemptAt: null };
    outbox.add({
      ...rest,
      mutationId: '01936f5e-7c9b-7d3a-a1b2-0123456789ab',
      op: 'message.teleport',
      input: { content: 'From the future' },
      state: 'queued',
      createdAt: '2026-11-24T09:30:00.000Z',
    });
    outbox.add({ ...rest, op: 'message.send', input: { content: 'In an odd shape' }, state: 'melted' });
    await new Promise<void>((resolve) => {
      outbox.transaction.oncomplete = () => resolve();
    });
    database.close();
  });
  await page.reload();
  await page.getByRole('button', { name: '2 changes of another version are kept' }).first().click();
  const waiting = page.getByRole('dialog', { name: 'Waiting to be sent' });
  await expect(waiting).toContainText('From the future');
  await expect(waiting).toContainText('In an odd shape');
  await waiting.getByRole('button', { name: 'Close' }).click();
  await say(page, 'thanks');
  await expect(log(page)).toContainText('You are welcome');
  await page.reload();
  await expect(
    page.getByRole('button', { name: '2 changes of another version are kept' }).first(),
  ).toBeVisible();
});
