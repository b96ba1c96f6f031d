import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

/** Two nodes that hear nothing of each other, and look by themselves so rarely that no test sees it. */
let database: TestDatabase;
let nodes: [World, World];
beforeEach(async () => {
  database = await createTestDatabase();
  const network = new MemoryBusNetwork();
  const node = (nodeId: string) =>
    createWorld({ databaseUrl: database.url, bus: network.join(), nodeId, pollMs: 60_000 });
  nodes = [await node('one'), await node('two')];
  network.isUp = false;
});
afterEach(async () => {
  for (const node of nodes) {
    expect(node.errors).toEqual([]);
    await node.close();
  }
  await database.drop();
});

it('tells a stream that comes back to a node what was acknowledged elsewhere before it is caught up (invariant 7)', async () => {
  const [one, two] = nodes;
  const ada = await one.person();
  const sessionId = await one.conversation(ada);
  const before = await listen(two, ada);
  const cursor = before.heard.at(-1)?.cursor;
  await before.close();
  await one.say(ada, sessionId, 'Written on the other node');
  const { resumedFromMemory } = two.hub.stats;
  const { heard } = await listen(two, ada, cursor);
  expect(heard.map(({ event }) => event.type)).toEqual(['message.created', 'caught-up']);
  expect(two.hub.stats.resumedFromMemory).toBe(resumedFromMemory + 1);
});

it('asks the log once for all that come back at the same moment', async () => {
  const [one, two] = nodes;
  const people = await Promise.all(Array.from({ length: 8 }, () => one.person()));
  const [owner, ...others] = people as [(typeof people)[number]];
  const sessionId = await one.conversation(owner, others);
  const cursors: (string | undefined)[] = [];
  for (const person of people) {
    const stream = await listen(two, person);
    cursors.push(stream.heard.at(-1)?.cursor);
    await stream.close();
  }
  await one.say(owner, sessionId, 'Hello, all');
  let heads = 0;
  const pool = two.database.pool;
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  pool.query = ((...args: unknown[]) => {
    if (String(args[0]).includes('LogHead')) heads += 1;
    return query(...args);
  }) as typeof pool.query; // takes and gives what the original does
  const back = await Promise.all(people.map((person, i) => listen(two, person, cursors[i])));
  for (const { heard } of back)
    expect(heard.map(({ event }) => event.type)).toEqual(['message.created', 'caught-up']);
  // One is under way when most of them ask: they share the next.
  expect(heads).toBeLessThanOrEqual(3);
});
