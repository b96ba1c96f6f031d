import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { listen } from '../../tests/support/listen.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import type { Account } from '../domain/account.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
afterEach(() => vi.restoreAllMocks());

/** Two people who share a conversation; the second watches the first. */
async function watched() {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  await world.conversation(ada, [ben]);
  const bens = await listen(world, ben);
  const statuses = () =>
    bens.heard.flatMap(({ event }) =>
      event.type === 'presence' && event.userId === ada.userId ? [event.status] : [],
    );
  const told = (status: string) => bens.until((e) => isPresence(e, ada) && e.status === status);
  const seenByBen = async () => (await world.as(ben).presence.get({ userIds: [ada.userId] }))[0];
  return { ada, ben, bens, statuses, told, seenByBen };
}

function isPresence(event: ChatEvent, who: Account): event is Extract<ChatEvent, { type: 'presence' }> {
  return event.type === 'presence' && event.userId === who.userId;
}

it('believes a promise no longer than it lasts, open stream or not (invariant 14)', async () => {
  const { ada, told, seenByBen } = await watched();
  const { presence } = world.services;
  presence.connected(ada.userId, 'phone');
  const before = Date.now();
  await world.as({ ...ada, authSessionId: 'phone' }).presence.set({ status: 'online', nextInMs: 100 });
  await told('online');
  // The phone is killed: its connection stays open, half of it at least, and nobody calls.
  const { event } = await told('offline');
  const lastSeen = isPresence(event, ada) ? Date.parse(event.lastSeen ?? '') : 0;
  expect(lastSeen).toBeGreaterThanOrEqual(before);
  // The connection is noticed to be dead much later: that is not when it was seen last.
  presence.disconnected(ada.userId, 'phone');
  await eventually(async () => expect((await seenByBen())?.status).toBe('offline'));
  expect(Date.parse((await seenByBen())?.lastSeen ?? '')).toBe(lastSeen);
});

it('never believes a promise for longer than 30 s (invariant 14)', async () => {
  const { ada, told } = await watched();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    world.services.presence.connected(ada.userId, 'phone');
    await world.as({ ...ada, authSessionId: 'phone' }).presence.set({ status: 'online', nextInMs: 30_000 });
    await told('online');
    const { pool, prisma } = world.database;
    while (!(await prisma.userPresence.findUnique({ where: { userId: ada.userId } })));
    // No query may be under way, not even the hub's own: its time-out would be seen to pass as well.
    while (pool.idleCount < pool.totalCount) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(30_010);
    await told('offline');
  } finally {
    vi.useRealTimers();
  }
});

it('comes back with the next call, and keeps whoever keeps the promise', async () => {
  const { ada, statuses, told, bens } = await watched();
  const phone = world.as({ ...ada, authSessionId: 'phone' });
  world.services.presence.connected(ada.userId, 'phone');
  await phone.presence.set({ status: 'online', nextInMs: 100 });
  await told('offline');
  await phone.presence.set({ status: 'online', nextInMs: 30_000 });
  await bens.until(() => statuses().length === 3);
  expect(statuses()).toEqual(['online', 'offline', 'online']);
});

it('keeps whoever never promised for as long as a stream is open', async () => {
  const { ada, statuses, told, seenByBen } = await watched();
  const { presence } = world.services;
  presence.connected(ada.userId, 'script');
  presence.connected(ada.userId, 'script');
  await told('online');
  presence.disconnected(ada.userId, 'script');
  await eventually(async () => expect((await seenByBen())?.status).toBe('online'));
  expect(statuses()).toEqual(['online']);
  presence.disconnected(ada.userId, 'script');
  await told('offline');
});

it('is the union over the devices of a person (invariant 14)', async () => {
  const { ada, told, statuses, bens } = await watched();
  const phone = world.as({ ...ada, authSessionId: 'phone' });
  const laptop = world.as({ ...ada, authSessionId: 'laptop' });
  world.services.presence.connected(ada.userId, 'laptop');
  await told('online');
  await phone.presence.set({ status: 'away', device: 'phone', nextInMs: 30_000 });
  await laptop.presence.set({ status: 'busy', activity: 'in a call', device: 'computer' });
  const { event } = await told('busy');
  expect(event).toMatchObject({ activity: 'in a call', device: 'computer' });
  world.services.presence.disconnected(ada.userId, 'laptop');
  const { event: then } = await bens.until((e) => isPresence(e, ada) && e.status === 'away');
  expect(then).toMatchObject({ activity: null, device: 'phone' });
  expect(statuses()).toEqual(['online', 'busy', 'away']);
});

it('tells nobody of somebody who hides, by event, on asking, or in a snapshot', async () => {
  const { ada, ben, bens, told, statuses, seenByBen } = await watched();
  world.services.presence.connected(ada.userId, 'phone');
  await told('online');
  const adas = await listen(world, ada);
  const privacy = { showTyping: true, showReading: true, showPresence: false };
  await world.as(ada).me.update({ settings: { privacy } });
  const { event } = await told('offline');
  expect(event).toMatchObject({ lastSeen: null, activity: null });
  expect(await seenByBen()).toMatchObject({ status: 'offline', lastSeen: null, activity: null });
  const { presence } = await world.as(ben).sync.snapshot();
  expect(presence.find((one) => one.userId === ada.userId)).toMatchObject({
    status: 'offline',
    lastSeen: null,
  });
  // Her own devices know.
  const [own] = await world.as(ada).presence.get({ userIds: [ada.userId] });
  expect(own?.status).toBe('online');
  await world.as(ada).me.update({ settings: { privacy: { ...privacy, showPresence: true } } });
  await bens.until(() => statuses().length === 3);
  expect(statuses()).toEqual(['online', 'offline', 'online']);
  await adas.close();
});

it('says nothing of the typing of somebody who does not show it', async () => {
  const { ada, ben, bens } = await watched();
  const sessionId = await world.conversation(ada, [ben]);
  const privacy = { showTyping: false, showReading: true, showPresence: true };
  await world.as(ada).me.update({ settings: { privacy } });
  await world.as(ada).typing.set({ sessionId, isTyping: true });
  await world.as(ada).me.update({ settings: { privacy: { ...privacy, showTyping: true } } });
  await world.as(ada).typing.set({ sessionId, isTyping: true });
  await bens.until((e) => e.type === 'typing');
  expect(bens.heard.filter(({ event }) => event.type === 'typing')).toHaveLength(1);
  expect(world.errors).toEqual([]);
});
