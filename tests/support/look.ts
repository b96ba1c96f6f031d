import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Of a menu or a sheet that holds the focus alone: what lies under it is hidden from everyone until it closes, and axe
 * takes that for a page without a heading that hides what can be reached.
 */
const pageRules = ['aria-hidden-focus', 'page-has-heading-one', 'region'];

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/**
 * Looks at a screen as it stands: axe-core finds nothing, and nothing sticks out at the side. With SCREENSHOTS=DIR in
 * the environment it is also kept there for people to look at. The page's context must bypass its CSP.
 * @param isOver something lies over the page and holds the focus
 */
export async function look(page: Page, name: string, isOver = false): Promise<void> {
  // Colours are judged at rest.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  );
  const { SCREENSHOTS: directory } = process.env;
  if (directory) {
    mkdirSync(directory, { recursive: true });
    await page.screenshot({ path: join(directory, `${name}.png`) });
  }
  expect(await violations(page, isOver ? pageRules : []), name).toEqual([]);
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: window.innerWidth,
  }));
  expect(wide, `${name} is wider than the screen`).toBeLessThanOrEqual(room);
}

/** What axe-core finds, in words. */
async function violations(page: Page, without: readonly string[]): Promise<string[]> {
  await page.addScriptTag({ content: axeSource });
  return page.evaluate(async (rules) => {
    // The script added above defines it.
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run({
      rules: Object.fromEntries(rules.map((rule) => [rule, { enabled: false }])),
    });
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 140)).join(' | ')}`,
    );
  }, without);
}
