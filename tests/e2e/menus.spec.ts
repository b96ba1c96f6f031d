import type { Locator, Page } from '@playwright/test';
import { askAgentJay, composer, log, say, signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const menuOf = (page: Page, title: string) => page.getByRole('button', { name: `Actions for ${title}` });

async function middleOf(place: Locator): Promise<{ x: number; y: number }> {
  const box = await place.boundingBox();
  if (!box) throw new Error('It is not shown.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function newGroup(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: 'With a group' }).click();
  await page.getByLabel('Name of the group').fill(title);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('link', { name: new RegExp(title) })).toBeVisible();
}

test('a mouse chooses from a menu in one stroke, or in two clicks; keys open it at its first entry', async ({
  page,
}) => {
  await signInAsGuest(page);
  await newGroup(page, 'Stroke');
  const button = menuOf(page, 'Stroke');
  const menu = page.getByRole('menu');
  const entry = (name: string) => menu.getByRole('menuitem', { name, exact: true });

  await page.getByRole('link', { name: /Stroke/ }).hover();
  const { x, y } = await middleOf(button);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await expect(entry('Mute')).toBeVisible();
  const mute = await middleOf(entry('Mute'));
  await page.mouse.move(mute.x, mute.y, { steps: 5 });
  await page.mouse.up();
  await expect(menu).toBeHidden();
  await expect(page.getByRole('img', { name: 'Muted' })).toBeVisible();
  await expect(button).toBeFocused();

  await button.click();
  await expect(entry('Unmute')).toBeVisible();
  // Pressed again where the button is, it closes.
  await page.mouse.click(x, y);
  await expect(menu).toBeHidden();
  await button.click();
  await entry('Unmute').click();
  await expect(page.getByRole('img', { name: 'Muted' })).toBeHidden();

  await button.press('Enter');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

test('who chooses to reply or to edit writes on at once', async ({ page }) => {
  await signInAsGuest(page);
  await newGroup(page, 'Keys');
  await page.getByRole('link', { name: /Keys/ }).click();
  await say(page, 'Frist words');
  const line = log(page).locator('[data-index]').filter({ hasText: 'Frist words' });
  for (const action of ['Reply', 'Edit']) {
    await line.hover();
    await line.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: action, exact: true }).click();
    await expect(page.getByRole('menu')).toBeHidden();
    await expect(composer(page)).toBeFocused();
  }
  await composer(page).press('ControlOrMeta+a');
  await page.keyboard.type('First words');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('First words');
});

test('a finger that scrolls opens no menu: it taps', async ({ browser, product }) => {
  const context = await browser.newContext({ baseURL: product.url, hasTouch: true });
  const page = await context.newPage();
  await signInAsGuest(page);
  await askAgentJay(page);
  const button = page.getByRole('button', { name: 'Quick actions' });
  await button.dispatchEvent('pointerdown', { pointerType: 'touch', button: 0, isPrimary: true });
  await button.dispatchEvent('pointercancel', { pointerType: 'touch' });
  await expect(page.getByRole('menu')).toBeHidden();
  await button.tap();
  await expect(page.getByRole('menu')).toBeVisible();
});
