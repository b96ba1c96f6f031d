import { test as base } from '@playwright/test';

/** A Playwright test after which nothing is open: pages that are left would work on beside all that come after. */
export const test = base.extend<{ nothingLeft: undefined }>({
  nothingLeft: [
    async ({ browser }, use) => {
      await use(undefined);
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    { auto: true },
  ],
});
