import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import type { Account } from '../../server/domain/account.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let network: MemoryBusNetwork;
let one: World;
let two: World;
let drop: () => Promise<void>;
beforeEach(async () => {
  // The nodes' beats are driven by hand; what waits for the database is not.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  network = new MemoryBusNetwork();
  const database = await createEmptyDatabase();
  drop = database.drop;
  const node = (nodeId: string) =>
    createWorld({ databaseUrl: database.url, bus: network.join(), nodeId, pollMs: 60_000 });
  one = await node('one');
  two = await node('two');
});
afterEach(async () => {
  vi.useRealTimers();
  for (const node of [one, two]) {
    expect(node.errors).toEqual([]);
    await node.close();
  }
  await drop();
});

const isStatus = (who: Account, status: string) => (e: ChatEvent) =>
  e.type === 'presence' && e.userId === who.userId && e.status === status;

it('whoever is on a node that is not heard is no longer shown as here, and is again once it is (invariant 14)', async () => {
  const [ada, ben] = [await one.person('Ada'), await one.person('Ben')];
  await one.conversation(ada, [ben]);
  const early = await listen(two, ben);
  one.services.presence.connected(ada.userId, 'phone');
  await early.until(isStatus(ada, 'online'));
  const heardAt = Date.now();
  const status = async () => (await two.as(ben).presence.get({ userIds: [ada.userId] }))[0]?.status;

  network.isUp = false;
  await vi.advanceTimersByTimeAsync(30_000);
  const { event } = await early.until(isStatus(ada, 'offline'));
  expect(event).toMatchObject({ lastSeen: new Date(heardAt).toISOString() });
  expect(await status()).toBe('offline');
  // Her own node knows better.
  expect((await one.as(ben).presence.get({ userIds: [ada.userId] }))[0]?.status).toBe('online');

  const late = await listen(two, ben);
  network.isUp = true;
  network.back();
  await late.until(isStatus(ada, 'online'));
  expect(await status()).toBe('online');
});

it('whoever is on a node that goes on being heard stays, however long nothing changes', async () => {
  const [ada, ben] = [await one.person('Ada'), await one.person('Ben')];
  await one.conversation(ada, [ben]);
  const bens = await listen(two, ben);
  one.services.presence.connected(ada.userId, 'phone');
  await bens.until(isStatus(ada, 'online'));
  for (let s = 0; s < 80; s += 8) {
    await vi.advanceTimersByTimeAsync(8_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await two.as(ben).presence.get({ userIds: [ada.userId] }))[0]?.status).toBe('online');
  expect(bens.heard.some(({ event }) => isStatus(ada, 'offline')(event))).toBe(false);
});
