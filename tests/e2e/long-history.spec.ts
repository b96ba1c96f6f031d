import { log, signInAsGuest } from '../support/people.ts';
import { seedConversation } from '../support/seed-conversation.ts';
import { expect, test } from '../support/story.ts';

test('a long conversation is read up and down in pages, and a link leads to any message of it', async ({
  page,
}) => {
  test.slow();
  await signInAsGuest(page);
  const { sessionId, ids } = await seedConversation(page, 700);
  await page.goto(`/chat/${sessionId}`);
  const said = (n: number) => log(page).getByText(`message ${n}`, { exact: true });
  await expect(said(699)).toBeVisible();
  const rows = log(page).locator('[data-index]');
  const toStart = () => log(page).evaluate((element) => element.scrollTo(0, 0));
  const toEnd = () => log(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect
    .poll(
      async () => {
        await toStart();
        return said(0).count();
      },
      { timeout: 40_000 },
    )
    .toBe(1);
  expect(await rows.count()).toBeLessThan(60);
  // Back down in pages, without falling through to the end.
  await toEnd();
  await expect.poll(() => said(699).count()).toBe(0);
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(said(699)).toBeInViewport();
  await page.goto(`/chat/${sessionId}?m=${ids[40]}`);
  await expect(said(40)).toBeInViewport();
  expect(await rows.count()).toBeLessThan(60);
});
