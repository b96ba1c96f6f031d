import type { Browser, Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import {
  askAgentJay,
  composer,
  greetAgentJay,
  groupOfTwo,
  log,
  say,
  signInAsGuest,
} from '../support/people.ts';
import { seedConversation } from '../support/seed-conversation.ts';
import { expect, test } from '../support/story.ts';

/** A person with a browser of their own, signed in as a guest. */
async function guest(browser: Browser, baseURL: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await signInAsGuest(page);
  return page;
}

test('a guest asks Agent Jay, sees the answer grow, and finds it all after a reload', async ({
  browser,
  product,
}) => {
  const page = await guest(browser, product.url);
  await askAgentJay(page);
  await say(page, 'How large should my sample be for 300 students?');
  await expect(log(page)).toContainText('How large should my sample be');
  const answer = page.getByRole('article', { name: "Agent Jay's answer" });
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  const lengthOf = async () => (await answer.textContent())?.length ?? 0;
  const early = await lengthOf();
  await expect.poll(lengthOf).toBeGreaterThan(early + 40);
  await expect(answer).toContainText('Sources: Handbook');
  await expect(answer).toContainText('Built-in guide · no AI key set');
  await expect(page.getByRole('region', { name: 'Suggestions' }).getByRole('button').first()).toBeVisible();
  await expect(page.getByRole('img', { name: 'Read' })).toBeVisible();
  await page.reload();
  await expect(answer).toContainText('Sources: Handbook');
  await expect(log(page)).toContainText('How large should my sample be');
});

test('an answer can be stopped, keeps its text, and can be written again', async ({ browser, product }) => {
  const page = await guest(browser, product.url);
  await askAgentJay(page);
  await say(page, 'How do I choose a project topic?');
  const answer = page.getByRole('article', { name: "Agent Jay's answer" });
  await expect(answer.getByRole('paragraph').first()).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(answer).toContainText('Stopped');
  await page.getByRole('button', { name: 'Write again' }).click();
  await expect(answer).toContainText('2/2');
  await expect(answer).toContainText('Sources: Handbook');
  await page.getByRole('button', { name: 'Earlier version' }).click();
  await expect(answer).toContainText('Stopped');
});

test('two people in two browsers see each other typing and writing', async ({ browser, product }) => {
  const ada = await guest(browser, product.url);
  const ben = await guest(browser, product.url);
  await groupOfTwo(ada, ben, 'Team Alpha');

  await composer(ben).pressSequentially('The questionnaire', { delay: 5 });
  await expect(ada.getByText(/is typing$/)).toBeVisible();
  await composer(ben).press('Enter');
  await expect(log(ada)).toContainText('The questionnaire');
  await expect(ada.getByText(/is typing$/)).toBeHidden();
  await say(ada, 'Seen it');
  await expect(log(ben)).toContainText('Seen it');
  await expect(log(ada).getByRole('img', { name: 'Read' })).toBeVisible();
});

test('what is written while the server is away waits, and arrives once it is back', async ({
  browser,
  product,
}) => {
  const page = await guest(browser, product.url);
  await greetAgentJay(page);
  await cut(page);
  await say(page, 'thanks');
  await expect(log(page)).toContainText('thanks');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '1 change will be sent' }).first()).toBeVisible();
  await heal(page);
  await expect(log(page)).toContainText('You are welcome');
  await expect(page.getByRole('img', { name: 'Waiting for the network' })).toBeHidden();
  await expect(log(page).getByText('thanks', { exact: true })).toHaveCount(1);
});

test('the newest message stays in view while the field below it grows', async ({ page }) => {
  await signInAsGuest(page);
  const { sessionId } = await seedConversation(page, 40);
  await page.goto(`/chat/${sessionId}`);
  const newest = log(page).getByText('message 39', { exact: true });
  await expect(newest).toBeInViewport({ ratio: 1 });
  await composer(page).fill('one line\n'.repeat(8));
  await expect.poll(async () => (await composer(page).boundingBox())?.height).toBeGreaterThan(150);
  await expect(newest).toBeInViewport({ ratio: 1 });
});

test('an empty group says how others get in, and leads there', async ({ page }) => {
  await signInAsGuest(page);
  await page.getByRole('button', { name: 'Begin a conversation' }).click();
  await page.getByRole('button', { name: 'With a group' }).click();
  await page.getByLabel('Name of the group').fill('Statistics');
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('Nobody else is here yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Invite people' }).click();
  await expect(page.getByRole('button', { name: 'Invite by link' })).toBeVisible();
});

test('text is as large as somebody chose in their browser, and the list still fits', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsGuest(page);
  await seedConversation(page, 1);
  await page.addStyleTag({ content: 'html { font-size: 200% }' });
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await expect(list.getByRole('link').first()).toBeInViewport({ ratio: 1 });
  await list.getByRole('link').first().click();
  await expect(log(page).getByText('message 0')).toHaveCSS('font-size', '32px');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
