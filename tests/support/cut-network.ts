import type { Page } from '@playwright/test';
import { untilControlled } from './people.ts';

/**
 * The network of one browser, gone: for its pages and for its service worker, whatever stream is open. Not before the
 * app is on the device: what a first visit lacks then is a story of its own.
 */
export async function cut(page: Page): Promise<void> {
  await untilControlled(page);
  await page.route('**/trpc/**', (route) => route.abort());
  await page.context().setOffline(true);
}

export async function heal(page: Page): Promise<void> {
  await page.unroute('**/trpc/**');
  await page.context().setOffline(false);
}
