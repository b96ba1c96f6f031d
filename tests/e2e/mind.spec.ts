import { askAgentJay, composer, log, say, signInAsGuest, untilControlled } from '../support/people.ts';
import { expect, test } from '../support/story.ts';

test('a person tells Agent Jay about the project, finds it remembered elsewhere, and has it forgotten', async ({
  page,
}) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await expect(page.getByRole('region', { name: 'Suggestions' }).getByRole('button').first()).toBeVisible();
  await say(page, 'My project is about maize yields in Kano');
  const answers = page.getByRole('article', { name: "Agent Jay's answer" });
  await expect(answers.first()).toContainText('Noted');

  await page.goto('/chat/settings');
  const memory = page.getByRole('region', { name: 'What Agent Jay remembers' });
  await expect(memory).toContainText('Project: maize yields in Kano');
  await memory.getByRole('button', { name: 'Put right' }).click();
  await memory.getByRole('textbox', { name: 'Put right' }).fill('Project: rice yields in Kano');
  await memory.getByRole('button', { name: 'Save' }).click();
  await expect(memory).toContainText('rice yields');

  await page.goto('/chat');
  await askAgentJay(page);
  await page.getByRole('button', { name: 'Quick actions' }).click();
  await page.getByRole('menuitem', { name: 'What do you remember?' }).click();
  await expect(composer(page)).toHaveValue('What do you remember about me?');
  await composer(page).press('Enter');
  await expect(answers.last()).toContainText('rice yields in Kano');
  await page.getByRole('button', { name: 'What this answer was based on' }).click();
  await expect(page.getByRole('dialog')).toContainText('rice yields in Kano');
  await page.getByRole('button', { name: 'Close' }).click();

  await say(page, 'forget everything');
  await expect(log(page)).toContainText('Done: what I remembered of that is forgotten');
  await page.goto('/chat/settings');
  await expect(memory).toContainText('Nothing yet');
});

test('a project written with no network is linked to a conversation and reaches the server', async ({
  page,
  context,
}) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  await page.getByRole('button', { name: 'Details' }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toBeVisible();
  await untilControlled(page);
  await context.setOffline(true);
  await details.getByLabel('This conversation is about').selectOption({ label: 'New project…' });
  const sheet = page.getByRole('dialog', { name: 'New project' });
  await sheet.getByLabel('Title').fill('Solar drying of tomatoes');
  await sheet.getByLabel('Field of study').fill('Food science');
  await sheet.getByLabel('Deadline').fill('2027-05-31');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await expect(details).toContainText('Food science · due 31 May 2027');
  await context.setOffline(false);
  await expect
    .poll(async () => {
      const reply = await page.request.get('/trpc/project.list');
      return JSON.stringify(await reply.json());
    })
    .toContain('Solar drying of tomatoes');
  await page.reload();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(details).toContainText('Food science · due 31 May 2027');
});

test('a dislike with a reason makes later answers shorter', async ({ page }) => {
  await signInAsGuest(page);
  await askAgentJay(page);
  const answers = page.getByRole('article', { name: "Agent Jay's answer" });
  const ask = async (n: number) => {
    await say(page, 'What is stratified sampling?');
    const answer = answers.nth(n);
    // What it stands on is told before its words, and it is judged once it is whole.
    await expect(answer.getByRole('button', { name: 'Bad answer' })).toBeVisible();
    await expect(answer).toContainText('Sources: Handbook');
    return ((await answer.textContent()) ?? '').length;
  };
  const before = await ask(0);
  await page.getByRole('button', { name: 'Bad answer' }).click();
  await page.getByRole('button', { name: 'Too long' }).click();
  await expect(page.getByText('Later answers will go by it')).toBeVisible();
  await expect
    .poll(async () => JSON.stringify(await (await page.request.get('/trpc/memory.list')).json()))
    .toContain('Prefers short answers');
  expect(await ask(1)).toBeLessThan(before);
});
