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
let url: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  // The nodes' beats are driven by hand; what waits for the database is not.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  network = new MemoryBusNetwork();
  const database = await createEmptyDatabase();
  ({ url, drop } = database);
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

it('whoever came, went or became busy while the bus was away is shown so once it is back', async () => {
  const people = [await one.person('Ada'), await one.person('Eve'), await one.person('Flo')] as const;
  const [ada, eve, flo] = people;
  const ben = await one.person('Ben');
  await one.conversation(ben, [...people]);
  const bens = await listen(two, ben);
  for (const who of [eve, flo]) {
    one.services.presence.connected(who.userId, 'phone');
    await bens.until(isStatus(who, 'online'));
  }
  const onOne = await listen(one, ben);

  network.isUp = false;
  one.services.presence.connected(ada.userId, 'phone');
  one.services.presence.disconnected(eve.userId, 'phone');
  await vi.advanceTimersByTimeAsync(60); // longer than a page that reloads is waited for
  await one.as({ ...flo, authSessionId: 'phone' }).presence.set({ status: 'busy' });
  await Promise.all([
    onOne.until(isStatus(ada, 'online')),
    onOne.until(isStatus(eve, 'offline')),
    onOne.until(isStatus(flo, 'busy')),
  ]);
  expect(bens.heard.some(({ event }) => isStatus(ada, 'online')(event))).toBe(false);
  const wentBefore = Date.now();

  network.isUp = true;
  network.back();
  await vi.advanceTimersByTimeAsync(8_000);
  await Promise.all([bens.until(isStatus(ada, 'online')), bens.until(isStatus(flo, 'busy'))]);
  // That she went was not heard. She is believed for as long as a silent node is, and was seen last when she was.
  await vi.advanceTimersByTimeAsync(22_000);
  const { event } = await bens.until(isStatus(eve, 'offline'));
  if (event.type !== 'presence') throw new Error('It is her presence');
  expect(Date.parse(event.lastSeen ?? '')).toBeLessThanOrEqual(wentBefore);
});

it('a node that hears nobody tells its own people alone that it does not know', async () => {
  let isDeaf = false;
  const bus = network.join();
  const onMessage: typeof bus.onMessage = (hear) => bus.onMessage((message) => isDeaf || hear(message));
  const deaf = await createWorld({
    databaseUrl: url,
    bus: { ...bus, onMessage },
    nodeId: 'deaf',
    pollMs: 60_000,
  });
  const [ada, ben] = [await one.person('Ada'), await one.person('Ben')];
  await one.conversation(ada, [ben]);
  const [onTwo, onDeaf] = [await listen(two, ben), await listen(deaf, ben)];
  one.services.presence.connected(ada.userId, 'phone');
  await Promise.all([onTwo.until(isStatus(ada, 'online')), onDeaf.until(isStatus(ada, 'online'))]);
  isDeaf = true;
  for (let s = 0; s < 32; s += 8) {
    await vi.advanceTimersByTimeAsync(8_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await onDeaf.until(isStatus(ada, 'offline'));
  await deaf.as(ben).presence.set({ status: 'busy' });
  await onTwo.until(isStatus(ben, 'busy'));
  expect(onTwo.heard.some(({ event }) => isStatus(ada, 'offline')(event))).toBe(false);
  expect(deaf.errors).toEqual([]);
  await deaf.close();
});
