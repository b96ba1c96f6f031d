import { expect, test } from '../support/story.ts';

test('while a page’s scripts are on their way nothing looks as if it answered, and a password gets into no address', async ({
  page,
}) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/assets/*.js', async (route) => {
    await arrived;
    await route.continue();
  });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill('a password of mine');
  await expect(page.getByRole('button', { name: 'Try as guest' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'I am new here' })).toBeDisabled();
  await page.getByLabel('Password').press('Enter');
  arrive();
  // What was written meanwhile is what counts now.
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('ada@example.org');
  expect(asked.filter((url) => url.includes('password'))).toEqual([]);
});
