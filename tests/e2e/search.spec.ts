import type { Page } from '@playwright/test';
import { cut, heal } from '../support/cut-network.ts';
import { groupOfTwo, log, say, signInAsGuest } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

const field = (page: Page) => page.getByRole('searchbox', { name: 'Search conversations and messages' });
const found = (page: Page) => page.getByRole('region', { name: 'Messages' });

test('a search finds other forms of a word, is narrowed, opens the conversation at the message, and goes on with the network cut', async ({
  browser,
  product,
}) => {
  test.slow();
  const ada = await (await browser.newContext({ baseURL: product.url })).newPage();
  const ben = await (await browser.newContext({ baseURL: product.url })).newPage();
  await signInAsGuest(ada);
  await signInAsGuest(ben);
  await groupOfTwo(ada, ben, 'Team Search');
  await say(ada, 'The questionnaires are printed');
  await ada.getByTestId('file-picker').setInputFiles({
    name: 'questionnaire-final.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('1. How old are you?'),
  });
  await ada.getByRole('button', { name: 'Send', exact: true }).click();
  for (let n = 1; n <= 12; n += 1) await say(ada, `Line ${n}`);
  await expect(log(ben)).toContainText('Line 12');
  await say(ben, 'My questionnaire is lost');

  // Somewhere else, so that the way back is the search's.
  await ada.getByRole('button', { name: 'New conversation' }).click();
  await ada.getByRole('button', { name: 'With Agent Jay' }).click();
  await ada.getByRole('button', { name: /^General/ }).click();
  await field(ada).fill('questionnaire');
  await expect(found(ada).getByRole('link')).toHaveCount(3);
  await expect(found(ada).locator('mark', { hasText: 'questionnaire' })).toHaveCount(2);
  // What is said while one looks is found as well.
  await say(ben, 'One more questionnaire came');
  await expect(found(ada).locator('mark', { hasText: 'questionnaire' })).toHaveCount(3);
  await ada.getByRole('combobox', { name: 'Kind' }).selectOption('With files');
  await expect(found(ada).getByRole('link')).toHaveCount(1);
  await expect(found(ada)).toContainText('questionnaire-final.txt');
  await ada.getByRole('combobox', { name: 'Kind' }).selectOption('Everything');
  const names = await ada.getByRole('combobox', { name: 'Person' }).getByRole('option').allTextContents();
  const other = names.find((name) => name.startsWith('Guest')) ?? '';
  await ada.getByRole('combobox', { name: 'Person' }).selectOption(other);
  await expect(found(ada).getByRole('link')).toHaveCount(2);
  await expect(found(ada)).toContainText('is lost');
  await ada.getByRole('combobox', { name: 'Person' }).selectOption('You');
  await found(ada)
    .getByRole('link', { name: /are printed/ })
    .click();
  await expect(ada.getByRole('heading', { name: 'Team Search' })).toBeVisible();
  await expect(log(ada).getByText('The questionnaires are printed')).toBeInViewport();

  await cut(ada);
  await ada.getByRole('combobox', { name: 'Person' }).selectOption('Anybody');
  await field(ada).fill('lost');
  await expect(found(ada)).toContainText('on this device');
  await expect(found(ada).getByRole('link', { name: /is lost/ })).toBeVisible();
  await field(ada).fill('nowhere to be found');
  await expect(found(ada)).toContainText('What is only on the server is searched when you are online');
  // What was found is answered at once; it is found by others as soon as it has come.
  await say(ada, 'A spare copy is in room 7');
  await field(ada).fill('spare');
  await expect(found(ada).getByRole('link', { name: /room 7/ })).toBeVisible();
  await heal(ada);
  await expect(log(ben).getByText('A spare copy is in room 7')).toHaveCount(1, { timeout: 30_000 });
  await field(ben).fill('copies');
  await expect(found(ben).getByRole('link', { name: /room 7/ })).toBeVisible();
});
