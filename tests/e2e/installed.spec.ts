import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import { weighEntryScripts } from '../support/entry-scripts.ts';
import {
  askAgentJay,
  composer,
  greetAgentJay,
  groupOfTwo,
  say,
  signInAsGuest,
  untilControlled,
} from '../support/people.ts';
import { expect, test } from '../support/story.ts';

interface ManifestFile {
  src: string;
  sizes: string;
  type: string;
}

test('Chromium finds nothing that keeps the app from being installed, and everything that its manifest names is there', async ({
  product,
}) => {
  // In a profile of its own: a private window can install nothing.
  const profile = mkdtempSync(join(tmpdir(), 'jstar-profile-'));
  const executablePath = await findBrowser();
  const browser = await chromium.launchPersistentContext(profile, {
    baseURL: product.url,
    args: browserFlags,
    ...(executablePath ? { executablePath } : {}),
  });
  const page = await browser.newPage();
  await signInAsGuest(page);
  await untilControlled(page);
  const devtools = await browser.newCDPSession(page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);
  const { errors, data = '' } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data) as { icons: ManifestFile[]; screenshots: ManifestFile[] };
  for (const { src, sizes, type } of [...manifest.icons, ...manifest.screenshots]) {
    const file = await page.request.get(src);
    expect([src, file.status(), file.headers()['content-type']]).toEqual([src, 200, type]);
    if (sizes === 'any') continue;
    const size = await page.evaluate(async (url) => {
      const image = await createImageBitmap(await (await fetch(url)).blob());
      return `${image.width}x${image.height}`;
    }, src);
    expect([src, size]).toEqual([src, sizes]);
  }
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
});

test('what another app shares lands in the composer of the conversation that is chosen', async ({ page }) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await page.goto(
    `/chat/share?${new URLSearchParams({ title: 'A survey', text: 'Have a look', url: 'https://example.org/' })}`,
  );
  await expect(page.getByRole('heading', { name: 'Share with…' })).toBeVisible();
  await page
    .getByRole('region', { name: 'Share with…' })
    .getByRole('button', { name: /New conversation/ })
    .click();
  await expect(composer(page)).toHaveValue('A survey\nHave a look\nhttps://example.org/');
});

test('what another app shares waits for whoever has to sign in first, and is not kept beyond that', async ({
  page,
}) => {
  await page.goto(`/chat/share?${new URLSearchParams({ text: 'Have a look' })}`);
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await expect(page.getByRole('heading', { name: 'Share with…' })).toBeVisible();
  await expect(page.getByText('Have a look')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('j-star-chat:shared'))).toBeNull();
  // Nobody to share it with yet but one.
  await page.getByRole('button', { name: 'Ask Agent Jay about it' }).click();
  await expect(composer(page)).toHaveValue('Have a look');
});

test('an iPhone gets its icon, its status bar, how to install by hand, and what Apple does not let an app do', async ({
  browser,
  product,
}) => {
  const iphone = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 390, height: 844 },
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  });
  const page = await iphone.newPage();
  await signInAsGuest(page);
  const head = page.locator('head');
  const icon = await head.locator('link[rel="apple-touch-icon"]').getAttribute('href');
  expect((await page.request.get(icon ?? '')).status()).toBe(200);
  await expect(head.locator('meta[name="apple-mobile-web-app-status-bar-style"]')).toHaveCount(1);
  // Not before there is anything worth keeping at hand.
  const hint = page.getByRole('complementary', { name: 'Install' });
  await expect(hint).toBeHidden();
  await greetAgentJay(page);
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(hint).toContainText('Add to Home Screen');
  await expect(hint).toContainText('Apple lets no app send in the background');
  await hint.getByRole('button', { name: 'Not now' }).click();
  await page.reload();
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toContainText(
    'Hello! I am Agent Jay',
  );
  await expect(hint).toBeHidden();
  await iphone.close();
});

test("the app's badge counts what is unread, and goes once it is read", async ({ browser, product }) => {
  const phone = await browser.newContext({ baseURL: product.url, viewport: { width: 390, height: 844 } });
  await phone.addInitScript(() => {
    const shown: (number | null)[] = [];
    Object.assign(window, { shown });
    Object.assign(navigator, {
      setAppBadge: async (count: number) => void shown.push(count),
      clearAppBadge: async () => void shown.push(null),
    });
  });
  const ada = await phone.newPage();
  await signInAsGuest(ada);
  const others = await browser.newContext({ baseURL: product.url });
  const ben = await others.newPage();
  await signInAsGuest(ben);
  await groupOfTwo(ada, ben, 'Badge');
  const badge = () => ada.evaluate(() => (window as unknown as { shown: (number | null)[] }).shown.at(-1)); // as added above
  await ada.getByRole('button', { name: 'Back' }).click();
  await say(ben, 'one');
  await say(ben, 'two');
  await expect.poll(badge).toBe(2);
  await ada.getByRole('link', { name: /Badge/ }).click();
  await expect.poll(badge).toBe(null);
  await Promise.all([phone.close(), others.close()]);
});

test('a conversation is painted from few scripts: what is not on its first screen comes later', async ({
  page,
}) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await page.reload();
  const { files, bytes } = await weighEntryScripts(page);
  // What was reached, and a few percent: see docs/decisions/2026-11-25-what-a-first-screen-is-made-of.md.
  expect(bytes).toBeLessThan(198_000);
  expect(files).toBeLessThanOrEqual(10);
});
