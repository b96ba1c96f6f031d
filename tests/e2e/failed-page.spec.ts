import { look } from '../support/look.ts';
import { askAgentJay, composer, signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

for (const [size, viewport] of [
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1440, height: 900 }],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`what cannot be shown is a page with two ways out, and nothing that was written is lost (${size}, ${colorScheme})`, async ({
      browser,
      product,
    }) => {
      const context = await browser.newContext({
        baseURL: product.url,
        viewport,
        colorScheme,
        bypassCSP: true,
      });
      const page = await context.newPage();
      await page.goto('/nowhere');
      await expect(page.getByRole('heading', { name: 'There is no page at this address.' })).toBeVisible();
      await look(page, `unknown-${size}-${colorScheme}`);
      await signInAsGuest(page);
      await askAgentJay(page);
      await composer(page).fill('not sent yet');
      // A conversation in which something throws as soon as it is shown.
      const address = page.url();
      const broken = await context.newPage();
      await broken.addInitScript(() => {
        Object.defineProperty(HTMLTextAreaElement.prototype, 'scrollHeight', {
          get() {
            throw new Error('made up');
          },
        });
      });
      await broken.goto(address);
      await expect(broken.getByRole('heading', { name: 'This page could not be shown.' })).toBeVisible();
      await expect(broken.getByText('made up')).toHaveCount(0);
      await look(broken, `failed-${size}-${colorScheme}`);
      await broken.close();
      await page.reload();
      await expect(composer(page)).toHaveValue('not sent yet');
      await context.close();
    });
  }
}
