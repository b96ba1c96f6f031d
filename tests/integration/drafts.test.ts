import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const at = (minute: number) => `2026-11-25T08:0${minute}:00.000Z`;

it('of drafts the newest stays, whatever comes late, also when it says what stood already', async () => {
  const ada = await world.person('Ada');
  const sessionId = await world.conversation(ada);
  const tell = (content: string, minute: number) =>
    world.as(ada).draft.set({ sessionId, content, at: at(minute) });
  await tell('Half a sentence', 1);
  expect(await tell('', 3)).toMatchObject({ content: '' });
  await tell('Half', 2);
  expect(await tell('', 6)).toMatchObject({ content: '', at: at(6) });
  // Typed on a device that was away, before the other one said once more that nothing is to be sent.
  expect(await tell('Half a thought', 5)).toMatchObject({ content: '', at: at(6) });
  const { drafts } = await world.as(ada).sync.snapshot();
  // An emptied one is told, too: a device may still hold the words.
  expect(drafts).toEqual([{ sessionId, content: '', at: at(6) }]);
});
