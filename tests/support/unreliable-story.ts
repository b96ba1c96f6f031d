import type { BrowserContext } from '@playwright/test';
import { calm } from '../faults/chaos-proxy.ts';
import { test as base } from './tidy-story.ts';
import { startUnreliable, type Unreliable } from './unreliable.ts';

/** A Playwright test with a product of its own behind a network that can fail, and a phone on that network. */
export const test = base.extend<{ world: Unreliable; phone: BrowserContext }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern
  world: async ({}, use) => {
    const world = await startUnreliable();
    await use(world);
    await world.stop();
  },
  phone: async ({ browser, world }, use) => {
    const context = await browser.newContext({ baseURL: world.url, viewport: { width: 390, height: 844 } });
    await use(context);
    await context.close();
  },
});

/** A network that nobody answers on. */
export const nobody = { ...calm, dropRequest: 1 };

export { expect } from '@playwright/test';
