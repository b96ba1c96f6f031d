import type { Browser, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { signIn, signUp } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const open = async (browser: Browser, baseURL: string) => (await browser.newContext({ baseURL })).newPage();

/** Turned to something else, or looked at again. */
async function turn(page: Page, visibilityState: 'hidden' | 'visible'): Promise<void> {
  const told = page.waitForResponse(/presence\.set/);
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visibilityState);
  await told;
}

test('whether somebody is here is the union of their devices, ends with the network, and can be hidden while it is cut', async ({
  browser,
  product,
}) => {
  test.slow();
  const [ada, laptop, phone] = [
    await open(browser, product.url),
    await open(browser, product.url),
    await open(browser, product.url),
  ];
  const peter = await signUp(laptop, 'Peter');
  await signIn(phone, peter);
  await signUp(ada, 'Paula');
  await ada.getByRole('button', { name: 'New conversation' }).click();
  await ada.getByRole('button', { name: 'With a person' }).click();
  await ada.getByLabel('Their e-mail address').fill(peter.email);
  await ada.getByRole('button', { name: 'Start' }).click();
  const header = ada.locator('header').filter({ has: ada.getByRole('heading', { name: 'Peter' }) });
  await expect(header).toContainText('Online');

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
  await shows.uncheck();
  await expect(header).toContainText('last seen', { timeout: 45_000 });
  await heal(phone);
  await expect(header).not.toContainText('last seen', { timeout: 30_000 });
  await expect(header).toContainText('Offline');
  await expect(shows).not.toBeChecked();

  // And what one knows of others is said to be as old as it is.
  await cut(ada);
  await expect(header).toContainText('as of', { timeout: 30_000 });
});
