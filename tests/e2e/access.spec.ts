import { look } from '../support/look.ts';
import { expect, test } from '../support/story.ts';

for (const [size, viewport] of [
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1440, height: 900 }],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing on any screen (${size}, ${colorScheme})`, async ({ browser, product }) => {
      const page = await (
        await browser.newContext({ baseURL: product.url, viewport, colorScheme, bypassCSP: true })
      ).newPage();
      await page.goto('/');
      await look(page, `landing-${size}-${colorScheme}`);
      await page.getByRole('button', { name: 'Try as guest' }).click();
      await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
      await look(page, `list-empty-${size}-${colorScheme}`);
      await page.getByRole('button', { name: 'New conversation' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await look(page, `new-conversation-${size}-${colorScheme}`);
      await page.getByRole('button', { name: /^General/ }).click();
      const composer = page.getByRole('textbox', { name: /^Message / });
      await composer.fill('hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByRole('log').getByText('Hello! I am Agent Jay')).toBeVisible();
      await expect(page.getByRole('region', { name: 'Suggestions' })).toBeVisible();
      await look(page, `conversation-${size}-${colorScheme}`);
      await page.getByRole('button', { name: 'Details' }).click();
      await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
      await look(page, `details-${size}-${colorScheme}`);
      await page.goto('/chat/settings');
      await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
      await look(page, `settings-${size}-${colorScheme}`);
    });
  }
}
