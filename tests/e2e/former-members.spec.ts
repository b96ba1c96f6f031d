import type { Page } from '@playwright/test';
import { composer, groupOfTwo, log, say, signUp } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

async function choose(page: Page, text: string, action: string): Promise<void> {
  const line = log(page).locator('[data-index]').filter({ hasText: text }).first();
  await line.hover();
  await line.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Everywhere that tells who said "Meet at two". */
async function expectNamed(page: Page, name: string): Promise<void> {
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await list.getByRole('link', { name: /Veterans/ }).click();
  const said = log(page).locator('[data-index]').filter({ hasText: 'Meet at two' });
  await expect(said.first()).toContainText(name, { timeout: 20_000 });
  await expect(log(page).getByRole('button', { name: new RegExp(`^${name}\\s*Meet at two`) })).toBeVisible();
  await expect(
    page.getByRole('button', { name: `Go to the pinned message: ${name} Meet at two` }),
  ).toBeVisible();
  await expect(log(page).getByRole('button', { name: '👍 1' })).toHaveAttribute('title', name);
  await page.getByRole('button', { name: 'Starred messages' }).click();
  const starred = page.getByRole('region', { name: 'Starred messages' });
  const field = page.getByRole('searchbox', { name: 'Search conversations and messages' });
  await field.fill('at two');
  const hits = page.getByRole('region', { name: 'Messages', exact: true });
  await expect(hits.getByRole('link', { name: /Meet at two/ })).toContainText(`${name} · Veterans`);
  await field.fill('');
  await expect(starred.getByRole('link', { name: /Meet at two/ })).toContainText(name);
}

test('who has left is still called by name, also on a new device, and by none once the account is gone', async ({
  browser,
  product,
}) => {
  test.slow();
  const context = await browser.newContext({ baseURL: product.url });
  const ada = await context.newPage();
  const ben = await (await browser.newContext({ baseURL: product.url })).newPage();
  await signUp(ada, 'Frida');
  await signUp(ben, 'Florian');
  await groupOfTwo(ada, ben, 'Veterans');
  await say(ben, 'Meet at two');
  await expect(log(ada)).toContainText('Meet at two');
  await choose(ada, 'Meet at two', 'Reply');
  await composer(ada).fill('I shall be there');
  await composer(ada).press('Enter');
  await expect(log(ben)).toContainText('I shall be there');
  await choose(ben, 'I shall be there', 'React 👍');
  await choose(ada, 'Meet at two', 'Pin for everyone');
  await choose(ada, 'Meet at two', 'Star');
  await expect(log(ada).getByRole('button', { name: '👍 1' })).toBeVisible();
  await ben.getByRole('button', { name: 'Details' }).click();
  await ben.getByRole('button', { name: 'Leave' }).click();

  const members = ada.getByRole('complementary', { name: 'Details' }).getByRole('listitem');
  await ada.getByRole('button', { name: 'Details' }).click();
  await expect(members.filter({ hasText: 'Florian' })).toHaveCount(0);
  await ada.getByRole('button', { name: 'Close' }).click();
  await expectNamed(ada, 'Florian');

  // A copy that was made when he was gone.
  const phone = await (
    await browser.newContext({ baseURL: product.url, storageState: await context.storageState() })
  ).newPage();
  await phone.goto('/chat');
  await expectNamed(phone, 'Florian');

  await ben.goto('/chat/settings');
  await ben.getByRole('button', { name: 'Delete my account' }).click();
  await ben.getByRole('dialog').getByRole('textbox').fill('delete');
  await ben.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(ben.getByRole('button', { name: 'Try as guest' })).toBeVisible();
  await expectNamed(ada, 'Deleted account');
  await expectNamed(phone, 'Deleted account');
});
