import type { Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { talkToAgentJay } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const SHOWN = '[data-sonner-toast][data-visible=true]';

/** From now on: the most sentences that were ever to be seen together. */
async function countTogether(page: Page): Promise<() => Promise<number>> {
  const most = await page.evaluateHandle((shown) => {
    const seen = { most: 0 };
    const look = () => {
      seen.most = Math.max(seen.most, document.querySelectorAll(shown).length);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
    return seen;
  }, SHOWN);
  return () => most.evaluate((seen) => seen.most);
}

test('what fails without a network, and what works once there is one, is said one sentence at a time', async ({
  page,
}) => {
  await talkToAgentJay(page);
  const together = await countTogether(page);
  const compare = page.getByRole('button', { name: 'Compare now' });
  await page.getByRole('button', { name: 'Details' }).click();
  await cut(page);
  for (let times = 0; times < 3; times += 1) await compare.click();
  await expect(page.locator(SHOWN)).toContainText('Check the network');
  // What went wrong is not hidden by what goes well: whoever still reads it rests on it, and then dismisses it.
  await page.locator(SHOWN).hover();
  await heal(page);
  await expect(async () => {
    const told = page.waitForResponse(/sync\.verify/, { timeout: 5_000 });
    await compare.press('Enter');
    await told;
  }).toPass();
  await expect(page.locator(SHOWN)).toContainText('Check the network');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator(SHOWN)).toContainText('Nothing is missing');
  expect(await together()).toBe(1);
});
