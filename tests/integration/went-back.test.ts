import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createLogReader } from '../../server/log/log-reader.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { withClient } from '../support/with-client.ts';
import { createWorld, type World } from '../support/world.ts';

/** Two nodes whose poll is slow, so that a test says when they look. */
let database: TestDatabase;
let nodes: [World, World];
let found: string[];
let ada: Account;
let sessionId: SessionId;
beforeEach(async () => {
  database = await createTestDatabase();
  const network = new MemoryBusNetwork();
  found = [];
  const node = (nodeId: string) =>
    createWorld({
      databaseUrl: database.url,
      bus: network.join(),
      nodeId,
      pollMs: 60_000,
      onWentBack: () => found.push(nodeId),
    });
  nodes = [await node('one'), await node('two')];
  ada = await nodes[0].person();
  sessionId = await nodes[0].conversation(ada);
});
afterEach(async () => {
  for (const node of nodes) {
    expect(node.errors).toEqual([]);
    await node.close();
  }
  await database.drop();
});

/** Until both have handed out all that there is. */
const untilHeard = () =>
  expect
    .poll(async () => {
      const { pos } = await createLogReader(database.database).head();
      return nodes.map(({ hub }) => pos - hub.pos);
    })
    .toEqual([0, 0]);

/** Says so many things, then does as a standby that took over and lacks them. */
async function loseMessages(count: number): Promise<void> {
  await untilHeard();
  const { pos } = await createLogReader(database.database).head();
  for (let i = 0; i < count; i += 1) await nodes[0].say(ada, sessionId, `lost ${i}`);
  await untilHeard();
  await withClient(database.url, async (client) => {
    await client.query(`DELETE FROM "ChatMessage" WHERE content LIKE 'lost %'`);
    await client.query('DELETE FROM "ChatEvent" WHERE pos > $1', [pos]);
    await client.query('UPDATE "LogHead" SET pos = $1', [pos]);
    await client.query('UPDATE "ChatSession" SET "lastSeq" = "lastSeq" - $1', [count]);
  });
}

it('a database that lacks what was told already is found out by its head (invariant 9)', async () => {
  await loseMessages(2);
  for (const { hub } of nodes) await hub.catchUp();
  expect(found).toEqual(['one', 'two']);
});

it('a database that lacks what was told already is found out by what it gives out instead, though its head is past that again (invariants 7 and 9)', async () => {
  await loseMessages(2);
  for (let i = 0; i < 4; i += 1) await nodes[0].say(ada, sessionId, `new ${i}`);
  await expect.poll(() => found.sort()).toEqual(['one', 'two']);
});

it('entries that a node reads from the log before it hears of their commit are no sign of that', async () => {
  const says = Array.from({ length: 40 }, async (_, i) => {
    const said = nodes[i % 2 ? 1 : 0].say(ada, sessionId, `m${i}`);
    await Promise.all(nodes.map(({ hub }) => hub.catchUp()));
    return said;
  });
  await Promise.all(says);
  await untilHeard();
  expect(found).toEqual([]);
});
