import type { Page } from '@playwright/test';

/** The network of one browser, gone: for its pages and for its service worker, whatever stream is open. */
export async function cut(page: Page): Promise<void> {
  await page.route('**/trpc/**', (route) => route.abort());
  await page.context().setOffline(true);
}

export async function heal(page: Page): Promise<void> {
  await page.unroute('**/trpc/**');
  await page.context().setOffline(false);
}
