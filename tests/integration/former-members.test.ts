import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const told = async (who: Account, sessionId: SessionId) => {
  const { former = [] } = await world.as(who).sync.snapshot();
  const verified = await world.as(who).sync.verify({ sessions: [{ sessionId, lastSeq: 0, blocks: [] }] });
  expect(verified.former).toEqual(former);
  return former.map(({ userId, name }) => ({ userId, name }));
};

it('names those who left since one joined, by the name they have now, and nobody else', async () => {
  const [ada, ben, cleo, dan] = [
    await world.person('Ada'),
    await world.person('Ben'),
    await world.person('Cleo'),
    await world.person('Dan'),
  ];
  const mutationId = newMutationId;
  const sessionId = await world.conversation(ada, [ben, cleo], true);
  expect(await told(ada, sessionId)).toEqual([]);
  await world.as(ben).session.leave({ mutationId: mutationId(), sessionId });
  expect(await told(ada, sessionId)).toEqual([{ userId: ben.userId, name: 'Ben' }]);
  expect(await told(cleo, sessionId)).toEqual([{ userId: ben.userId, name: 'Ben' }]);
  // Whoever came later has nothing of theirs to read; a stranger, and who has left, is told nothing at all.
  await world.as(ada).session.addMember({ mutationId: mutationId(), sessionId, userId: dan.userId });
  expect(await told(dan, sessionId)).toEqual([]);
  expect(await told(ben, sessionId)).toEqual([]);
  expect(await told(await world.person('Eve'), sessionId)).toEqual([]);

  await world.as(ben).me.delete({ confirm: 'delete my account' });
  expect(await told(ada, sessionId)).toEqual([{ userId: ben.userId, name: 'Deleted account' }]);

  await world.as(cleo).session.leave({ mutationId: mutationId(), sessionId });
  expect((await told(dan, sessionId)).map(({ name }) => name)).toEqual(['Cleo']);
  await world.as(ada).session.addMember({ mutationId: mutationId(), sessionId, userId: cleo.userId });
  expect(await told(dan, sessionId)).toEqual([]);
});
