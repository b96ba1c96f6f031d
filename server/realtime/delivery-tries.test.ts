import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMessageId, type UserId } from '../../protocol/ids.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import { countTries } from '../store/delivery-sql.ts';
import { DeliveryTries } from './delivery-tries.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it('counts each time that a message is sent once more to somebody, and why the time before did not do', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  let counted: () => void = () => {};
  let isConnected = false;
  const tries = new DeliveryTries({
    count: async (people) => {
      await countTries(world.database.pool, people);
      counted();
    },
    onError: (error) => world.errors.push(error),
    isConnected: () => isConnected,
  });
  const opens = (userId: UserId) =>
    new Promise<void>((resolve) => {
      counted = resolve;
      tries.streamOpened(userId);
    });
  const info = async (messageId: string) =>
    (await world.as(ada).message.info({ messageId })).recipients.find((one) => one.userId === ben.userId);

  const messageId = newMessageId();
  await world.as(ada).message.send({ id: messageId, sessionId, content: 'Are you there?' });
  expect(await info(messageId)).toMatchObject({ retryCount: 0, lastRetry: null, errorReason: null });
  await opens(ben.userId);
  expect(await info(messageId)).toMatchObject({ retryCount: 1, errorReason: 'no_device' });
  tries.streamClosed(ben.userId);
  await opens(ben.userId);
  expect(await info(messageId)).toMatchObject({ retryCount: 2, errorReason: 'not_confirmed' });
  // A second tab, while the first is there and has not confirmed what came after it was opened.
  isConnected = true;
  const later = newMessageId();
  await world.as(ada).message.send({ id: later, sessionId, content: 'And now?' });
  await opens(ben.userId);
  expect(await info(later)).toMatchObject({ retryCount: 1, errorReason: 'not_confirmed' });
  await world.as(ben).receipt.mark({ sessionId, deliveredSeq: 99 });
  await opens(ben.userId);
  const delivered = await info(messageId);
  expect(delivered).toMatchObject({ retryCount: 3 });
  expect(delivered?.deliveredAt).not.toBeNull();
  await tries.close();
  expect(world.errors).toEqual([]);
});
