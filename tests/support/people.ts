import { type BrowserContext, expect, type Page } from '@playwright/test';

/** What people do in stories, in the words of the interface. */
export async function signInAsGuest(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
}

/** Somebody with an e-mail address and a password. */
export interface Registered {
  email: string;
  password: string;
}

export async function signUp(page: Page, name: string): Promise<Registered> {
  const account = { email: `${name.toLowerCase()}@example.org`, password: 'a long enough password' };
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'I am new here' }).click();
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible({ timeout: 30_000 });
  return account;
}

export async function signIn(page: Page, { email, password }: Registered): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible({ timeout: 30_000 });
}

export async function askAgentJay(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('button', { name: /^General/ }).click();
  await expect(composer(page)).toBeVisible();
}

export const composer = (page: Page) => page.getByRole('textbox', { name: /^Message / });
export const log = (page: Page) => page.getByRole('log');

/** Writes and presses Enter, whatever comes of it. */
export async function trySaying(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

export async function say(page: Page, text: string): Promise<void> {
  await trySaying(page, text);
  // It stands on the screen a moment before it is stored; then the composer is empty.
  await expect(composer(page)).toHaveValue('');
}

/** A conversation with Agent Jay in which something was said and answered. */
export async function greetAgentJay(page: Page): Promise<void> {
  await askAgentJay(page);
  await say(page, 'hello');
  await expect(log(page)).toContainText('Hello! I am Agent Jay');
}

/** Signed in, with a first answer that stands and was read. */
export async function talkToAgentJay(page: Page): Promise<void> {
  await signInAsGuest(page);
  await greetAgentJay(page);
  await expect(page.getByRole('img', { name: 'Read' })).toBeVisible();
}

/** The service worker holds the app shell and answers for this page. */
export async function untilControlled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
  });
}

/** A group of two browsers, each with a person of their own; the first is its owner. */
export async function groupOfTwo(ada: Page, ben: Page, title: string): Promise<void> {
  await ada.getByRole('button', { name: 'New conversation' }).click();
  await ada.getByRole('button', { name: 'With a group' }).click();
  await ada.getByLabel('Name of the group').fill(title);
  await ada.getByRole('button', { name: 'Start' }).click();
  await expect(ada.getByRole('heading', { name: title })).toBeVisible();
  await ada.getByRole('button', { name: 'Details' }).click();
  await ada.getByRole('button', { name: 'Invite by link' }).click();
  const link = await ada.getByLabel('Copy link').inputValue();
  await ada.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
  await ben.goto(new URL(link).pathname);
  await ben.getByRole('button', { name: 'Join' }).click();
  await expect(ben.getByRole('heading', { name: title })).toBeVisible();
}

/** Another tab of the same browser, at the same address. */
export async function anotherTab(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  return page;
}
