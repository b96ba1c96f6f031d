import { type BrowserContext, test as base, type Page, type TestInfo } from '@playwright/test';

const LINES_AT_MOST = 80;

/**
 * A Playwright test after which nothing is open: pages that are left would work on beside all that come after. Of one
 * that failed, the log tells what its pages showed, for whoever has nothing but the log.
 */
export const test = base.extend<{ nothingLeft: undefined }>({
  context: async ({ context }, use, testInfo) => {
    await use(context);
    await tellOfFailure(testInfo, [context]);
  },
  nothingLeft: [
    async ({ browser }, use, testInfo) => {
      await use(undefined);
      const contexts = browser.contexts();
      await tellOfFailure(testInfo, contexts);
      await Promise.all(contexts.map((context) => context.close()));
    },
    { auto: true },
  ],
});

async function tellOfFailure(testInfo: TestInfo, contexts: readonly BrowserContext[]): Promise<void> {
  if (testInfo.status === testInfo.expectedStatus) return;
  for (const page of contexts.flatMap((context) => context.pages()))
    console.log(`In "${testInfo.title}" ${await whatItShows(page)}`);
}

async function whatItShows(page: Page): Promise<string> {
  const shown = await page
    .locator('body')
    .ariaSnapshot({ timeout: 5_000 })
    .catch((error: Error) => error.message);
  const lines = shown.split('\n');
  return [`${page.url()} showed:`, ...lines.slice(0, LINES_AT_MOST)].join('\n');
}
