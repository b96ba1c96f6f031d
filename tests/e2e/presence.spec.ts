import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { signIn, signUp } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const open = async (browser: Browser, baseURL: string, options: BrowserContextOptions = {}) =>
  (await browser.newContext({ baseURL, ...options })).newPage();

const hand = { width: 390, height: 844 };

/** Turned to something else, or looked at again. */
async function turn(page: Page, visibilityState: 'hidden' | 'visible'): Promise<void> {
  const told = page.waitForResponse(/presence\.set/);
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibilityState);
  await told;
}

/** One who looks at a conversation with somebody else, and the two devices of the latter. */
async function watched(browser: Browser, baseURL: string, watcher: string, name: string) {
  const [ada, laptop, phone] = [
    await open(browser, baseURL),
    await open(browser, baseURL),
    await open(browser, baseURL, { viewport: hand, screen: hand, hasTouch: true, isMobile: true }),
  ];
  const person = await signUp(laptop, name);
  await signIn(phone, person);
  await signUp(ada, watcher);
  await ada.getByRole('button', { name: 'New conversation' }).click();
  await ada.getByRole('button', { name: 'With a person' }).click();
  await ada.getByLabel('Their e-mail address').fill(person.email);
  await ada.getByRole('button', { name: 'Start' }).click();
  const header = ada.locator('header').filter({ has: ada.getByRole('heading', { name, exact: true }) });
  await expect(header).toContainText('Online');
  return { ada, header, laptop, phone };
}

test('whether somebody is here is the union of their devices, ends with the network, and can be hidden while it is cut', async ({
  browser,
  product,
}) => {
  test.slow();
  const { ada, header, laptop, phone } = await watched(browser, product.url, 'Paula', 'Peter');

  // One device put aside says nothing of the other.
  await turn(laptop, 'hidden');
  await expect(header).toContainText('Online');
  await turn(phone, 'hidden');
  await expect(header).toContainText('Away');
  await turn(phone, 'visible');
  await expect(header).toContainText('Online');
  await laptop.close();

  // Hidden where there is no network: until that is told, what was promised runs out by itself.
  await phone.goto('/chat/settings');
  const shows = phone.getByRole('checkbox', { name: 'Show others when I am here, and when I was last' });
  await expect(shows).toBeChecked();
  await cut(phone);
  await shows.click();
  await expect(header).toContainText('last seen', { timeout: 45_000 });
  await heal(phone);
  await expect(header).not.toContainText('last seen', { timeout: 30_000 });
  await expect(header).toContainText('Offline');
  await expect(shows).not.toBeChecked();

  // And what one knows of others is said to be as old as it is.
  await cut(ada);
  await expect(header).toContainText('as of', { timeout: 30_000 });
});

test('whoever leaves an open page alone is away after five minutes, and here again at the first touch', async ({
  browser,
  product,
}) => {
  const { header, laptop, phone } = await watched(browser, product.url, 'Uma', 'Ulrich');
  await phone.close();
  await laptop.clock.install();
  await laptop.reload();
  await expect(
    laptop.getByRole('textbox', { name: 'Message' }).or(laptop.getByRole('link')).first(),
  ).toBeVisible();
  await expect(header).toContainText('Online');
  await laptop.clock.fastForward('05:00');
  await expect(header).toContainText('Away', { timeout: 30_000 });
  await laptop.mouse.move(200, 200);
  await laptop.mouse.move(220, 210);
  await expect(header).toContainText('Online');
});

test('busy is chosen where there is no network, told once there is one, kept by all of one’s devices, and ended on any', async ({
  browser,
  product,
}) => {
  test.slow();
  const { ada, header, laptop, phone } = await watched(browser, product.url, 'Bettina', 'Bruno');
  const row = ada.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: /Bruno/ });
  const strip = (page: Page) => page.getByRole('button', { name: 'End being busy' });
  await ada.getByRole('button', { name: 'Details' }).click();
  const line = ada
    .getByRole('complementary', { name: 'Details' })
    .getByRole('listitem')
    .filter({ hasText: 'Bruno' });
  await turn(laptop, 'hidden');
  await expect(line).toContainText('Online · on a phone');
  await turn(laptop, 'visible');

  await phone.goto('/chat/settings');
  const status = phone.getByRole('region', { name: 'Status' });
  await expect(status.getByRole('radio', { name: 'Online' })).toBeChecked();
  await cut(phone);
  await status.getByRole('radio', { name: 'Busy' }).focus();
  await phone.keyboard.press('Space');
  await status.getByLabel('What you are doing').fill('In a call');
  await status.getByRole('button', { name: 'Show this' }).click();
  await expect(status.getByRole('radio', { name: 'Busy' })).toBeChecked();
  await expect(header).toContainText('Online');
  await heal(phone);
  await expect(header).toContainText('Busy · In a call', { timeout: 30_000 });
  await expect(row).toHaveAccessibleName(/Busy/);
  await expect(line).toContainText('Busy · In a call · on a');

  // Whatever device is left says the same, looked at or not, now and after a reload.
  await expect(strip(laptop)).toBeVisible();
  await phone.close();
  await turn(laptop, 'hidden');
  await expect(header).toContainText('Busy · In a call');
  await laptop.reload();
  await expect(strip(laptop)).toBeVisible();
  await expect(line).toContainText('Busy · In a call · on a computer', {
    timeout: 45_000,
  });
  await strip(laptop).click();
  // What a device said while it was being closed counts for as long as it promised.
  await expect(header).toContainText('Online · In a call', { timeout: 45_000 });
  await expect(strip(laptop)).toBeHidden();
  await expect(row).not.toHaveAccessibleName(/Busy/);
});
