import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';

let one: TestDatabase;
let other: TestDatabase;

beforeAll(async () => {
  [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([one.drop(), other.drop()]);
});

it('begins with Agent Jay and an empty log of its own epoch', async () => {
  const people = await one.database.prisma.user.findMany();
  expect(people.map(({ id, name }) => ({ id, name }))).toEqual([{ id: 'ai-agent', name: 'Agent Jay' }]);
  const [head, otherHead] = await Promise.all(
    [one, other].map((it) => it.database.prisma.logHead.findFirstOrThrow()),
  );
  expect(head).toEqual({ id: 1, epoch: expect.stringMatching(/^[0-9a-z]{12}$/), pos: 0n });
  expect(otherHead?.epoch).not.toBe(head?.epoch);
});

it('is nobody else’s', async () => {
  await one.database.prisma.user.create({ data: { id: 'amina', name: 'Amina', email: 'amina@example.org' } });
  expect(await other.database.prisma.user.count()).toBe(1);
});
