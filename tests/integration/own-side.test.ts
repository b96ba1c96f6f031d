import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMutationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Account } from '../../server/domain/account.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const snapshotOf = async (who: Account) => {
  const [session] = (await world.as(who).sync.snapshot()).sessions;
  if (!session) throw new Error('There is no conversation');
  return session;
};

it('counts in a snapshot also the unread messages that it does not bring along (invariant 13)', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  const said = [];
  for (let i = 0; i < limits.messagesPerSessionInSnapshot + 20; i += 1)
    said.push(await world.say(i % 7 === 0 ? ada : ben, sessionId, `m${i}`));
  const others = said.filter((_, i) => i % 7 !== 0);
  const before = await snapshotOf(ada);
  expect([before.messages.length, before.hasMore, before.unread]).toEqual([50, true, others.length]);
  // One that is not brought along, and one that is.
  for (const gone of [others[0], others.at(-1)])
    await world.as(ben).message.delete({ mutationId: newMutationId(), messageId: gone?.id as string });
  expect((await snapshotOf(ada)).unread).toBe(others.length - 2);
  const read = others[4]?.seq ?? 0;
  await world.as(ada).receipt.mark({ sessionId, deliveredSeq: read, readSeq: read });
  expect((await snapshotOf(ada)).unread).toBe(others.length - 6);
  const last = said.at(-1)?.seq ?? 0;
  await world.as(ada).receipt.mark({ sessionId, deliveredSeq: last, readSeq: last });
  expect((await snapshotOf(ada)).unread).toBe(0);
});

it('tells with one conversation what the asking person has made of it, and nobody else', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  await world.as(ben).session.mine({ mutationId: newMutationId(), sessionId, pinned: true });
  const mineOf = async (who: Account) => (await world.as(who).session.get({ sessionId })).mine;
  expect((await mineOf(ben)).pinnedAt).toMatch(/^20/);
  expect(await mineOf(ada)).toEqual({
    pinnedAt: null,
    mutedUntil: null,
    archivedAt: null,
    markedUnread: false,
  });
});

it('holds the mark of a thread at the furthest that was told, and never past the last event (invariant 13)', async () => {
  const ada = await world.person('Ada');
  const sessionId = await world.conversation(ada);
  const { id: messageId } = await world.say(ada, sessionId, 'First');
  const { seq: last } = await world.say(ada, sessionId, 'Last');
  const mark = async (readSeq: number) => {
    const { readSeq: now } = await world.as(ada).thread.read({ sessionId, messageId, readSeq });
    return now;
  };
  expect([await mark(1_000_000), await mark(2)]).toEqual([last, last]);
  const { threads } = await world.as(ada).sync.snapshot();
  expect(threads).toEqual([{ sessionId, messageId, readSeq: last }]);
});
