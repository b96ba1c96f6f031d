import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMessageId, newMutationId, newSessionId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Makes everything that is stored older, as a month in a drawer does to what a device still wants to know. */
async function age(days: number): Promise<void> {
  const by = `interval '${days} days'`;
  for (const table of ['AppliedMutation', 'ChatEvent', 'ChatMessage', 'ChatSession'])
    await world.database.pool.query(`UPDATE "${table}" SET "createdAt" = "createdAt" - ${by}`);
}

it('counts each change once, however long after its lost acknowledgement it is tried again (invariant 2)', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const [sessionId, first, second] = [newSessionId(), newMessageId(), newMessageId()];
  const at = new Date().toISOString();
  const change = (op: string, input: object): OutboxMutation => ({ mutationId: newMutationId(), op, input });
  const mutations = [
    change('session.create', { id: sessionId, memberIds: [ben.userId], withAgent: false }),
    change('message.send', { id: first, sessionId, content: 'One' }),
    change('message.send', { id: second, sessionId, content: 'Two', parentId: first }),
    change('message.edit', { messageId: first, content: 'One, edited' }),
    change('message.react', { messageId: second, emoji: '👍', on: true }),
    change('message.delete', { messageId: second }),
    change('session.update', { sessionId, title: 'Renamed' }),
    change('session.removeMember', { sessionId, userId: ben.userId }),
    change('session.addMember', { sessionId, userId: ben.userId }),
    change('receipt.mark', { sessionId, readSeq: 3 }),
    change('draft.set', { sessionId, content: 'Three', at }),
    change('me.update', { name: 'Ada Lovelace' }),
  ];
  const push = async (list: OutboxMutation[]) =>
    (await world.as(ada).outbox.push({ mutations: list })).results;
  const results = await push(mutations);
  expect(results.filter((result) => !result.ok)).toEqual([]);
  const before = await world.as(ada).session.get({ sessionId });
  const stand = async () => (await world.as(ada).message.list({ sessionId })).messages;
  const messages = await stand();
  for (const days of [0, 1, 31]) {
    await age(days);
    // One by one, as after acknowledgements that were lost one by one; and once more in one go.
    for (const mutation of mutations) {
      const [again] = await push([mutation]);
      expect(again?.ok, `${mutation.op} after ${days} days`).toBe(true);
    }
    expect((await push(mutations)).every((result) => result.ok)).toBe(true);
  }
  const after = await world.as(ada).session.get({ sessionId });
  expect([after.lastSeq, after.totalMessages, after.title]).toEqual([
    // A name that is the same is no event; being removed and added again happened once.
    before.lastSeq,
    before.totalMessages,
    'Renamed',
  ]);
  expect((await stand()).map(({ id, seq, content }) => [id, seq, content])).toEqual(
    messages.map(({ id, seq, content }) => [id, seq, content]),
  );
  expect(world.errors).toEqual([]);
});

it('lets no name that comes again late replace a newer one (invariant 2)', async () => {
  const ada = await world.person('Ada');
  const rename = (name: string): OutboxMutation => ({
    mutationId: newMutationId(),
    op: 'me.update',
    input: { name },
  });
  const [earlier, later] = [rename('Ada Byron'), rename('Ada Lovelace')];
  const push = async (mutation: OutboxMutation) =>
    (await world.as(ada).outbox.push({ mutations: [mutation] })).results[0]?.ok;
  for (const mutation of [earlier, later, earlier]) expect(await push(mutation)).toBe(true);
  expect((await world.as(ada).me.get()).name).toBe('Ada Lovelace');
});

it('gives a send that is tried again a month later its first result (invariant 2)', async () => {
  const ada = await world.person();
  const sessionId = await world.conversation(ada);
  const send = { id: newMessageId(), sessionId, content: 'Once' };
  const first = await world.as(ada).message.send(send);
  await age(31);
  const again = await world.as(ada).message.send(send);
  expect({ ...again, createdAt: first.createdAt }).toEqual({ ...first, duplicate: true });
});
