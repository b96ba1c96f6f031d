import { fileURLToPath } from 'node:url';
import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { browserFlags, findBrowser } from '../../scripts/browser.mjs';
import { untilControlled } from '../../tests/support/people.ts';
import { startProduct } from '../../tests/support/product.ts';
import type { Bench } from './in-page.ts';

export interface DevicePage {
  context: BrowserContext;
  page: Page;
  userId: string;
  /** Runs one of in-page.ts's measurements in the page. */
  ask<N extends keyof Bench>(name: N, ...args: Parameters<Bench[N]>): Promise<Awaited<ReturnType<Bench[N]>>>;
  close(): Promise<void>;
}

/** Milliseconds of the main thread so far. */
export async function taskMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
}

/** The built product in Chromium, as a phone: signed in, with its service worker in charge. */
async function openDevice(): Promise<DevicePage> {
  const product = await startProduct();
  const executablePath = await findBrowser();
  const browser = await chromium.launch({
    args: browserFlags,
    ...(executablePath ? { executablePath } : {}),
  });
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 390, height: 844 },
    // For in-page.ts alone, which is evaluated: its schemas then make code of text, as the page's own never may.
    bypassCSP: true,
  });
  // What tsx leaves around every named function that is handed to a page.
  await context.addInitScript({ content: 'globalThis.__name = (named) => named;' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto('/');
  await page.getByRole('button', { name: 'Try as guest' }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  await untilControlled(page);
  const userId = await page.evaluate(() => localStorage.getItem('j-star-chat:account') ?? '');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./in-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const code = outputFiles[0]?.text ?? '';
  return {
    context,
    page,
    userId,
    async ask(name, ...args) {
      await page.evaluate(code);
      return page.evaluate(
        ([key, given]) => {
          // in-page.ts put it there, a line above.
          const { bench } = globalThis as unknown as { bench: Record<string, (...args: unknown[]) => never> };
          return bench[key]?.(...given);
        },
        [name, args] as [string, unknown[]],
      ) as never; // what the function of that name resolves to
    },
    async close() {
      await browser.close();
      await product.stop();
    },
  };
}

export async function withDevice<T>(work: (device: DevicePage) => Promise<T>): Promise<T> {
  const device = await openDevice();
  try {
    return await work(device);
  } finally {
    await device.close();
  }
}
