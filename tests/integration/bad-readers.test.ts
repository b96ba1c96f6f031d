import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newUserId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createLimits } from '../../server/http/rate-limits.ts';
import { Stream } from '../../server/realtime/stream.ts';
import { eventually } from '../support/eventually.ts';
import { type StreamServer, serveStreams } from '../support/stream-server.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let streams: StreamServer;
beforeAll(async () => {
  world = await createWorld();
  streams = await serveStreams(world);
});
afterEach(() => expect(world.errors).toEqual([]));
afterAll(async () => {
  await streams.close();
  await world.close();
});

const longest = 'x'.repeat(16_000);
/** Speaks until the hub has closed somebody. */
async function flood(who: Account, sessionId: SessionId, each: () => void): Promise<number> {
  const { slowReaderCloses, bytes } = world.hub.stats;
  for (let round = 0; round < 80 && world.hub.stats.slowReaderCloses === slowReaderCloses; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => world.say(who, sessionId, longest)));
    each();
  }
  expect(world.hub.stats.slowReaderCloses).toBe(slowReaderCloses + 1);
  return world.hub.stats.bytes - bytes;
}

describe('a subscriber that takes nothing, or nearly nothing', () => {
  it.each([
    ['never reads', 0],
    ['reads a byte now and then', 1],
  ])('%s: is cut off with what it did not take, and others notice nothing', async (_how, bytes) => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const before = await streams.connections();
    const good = streams.ask(ada);
    const hears = streams.read(good, 'the end');
    const bad = streams.ask(ben);
    bad.pause();
    await eventually(() => expect(world.hub.isConnected(ben.userId)).toBe(true));
    await flood(ada, sessionId, () => bytes > 0 && bad.read(bytes));
    // Nothing waits for it any more: not its stream, and not its socket with all that it did not take.
    await eventually(async () => expect(await streams.connections()).toBe(before + 1));
    expect(world.hub.isConnected(ben.userId)).toBe(false);
    await world.say(ada, sessionId, 'the end');
    await hears;
    good.destroy();
    bad.destroy();
  });

  it('gets a long replay in blocks, and no block before it took the one before', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const { cursor } = await world.as(ben).sync.snapshot();
    // 24 MB of history, beyond what memory keeps and what the operating system would take.
    for (let i = 0; i < 30; i += 1)
      await Promise.all(Array.from({ length: 50 }, () => world.say(ada, sessionId, longest)));
    const held: number[] = [];
    const after = world.services.subscribe(
      { userId: ben.userId, authSessionId: ben.authSessionId, expiresAt: new Date(Date.now() + 3_600_000) },
      cursor,
    );
    let taken = 0;
    let release = () => {};
    const sink = {
      deliver: (_frames: unknown, bytes: Buffer) => void held.push(bytes.length),
      ping: () => {},
      backlog: () => 0,
      drained: () =>
        new Promise<void>((resolve) => {
          taken += 1;
          release = resolve;
        }),
      end: () => {},
      drop: () => {},
    };
    let isLive = false;
    const attached = after
      .attachTo(sink, () => false)
      .then((stream) => {
        isLive = true;
        return stream;
      });
    await eventually(() => expect(taken).toBe(1));
    expect(held).toHaveLength(1);
    expect(Math.max(...held)).toBeLessThan(2.5 * 1024 * 1024);
    while (!isLive) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    after.detach(await attached);
    expect(Math.max(...held)).toBeLessThan(2.5 * 1024 * 1024);
    expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(1_500 * 16_000);
  });
});

it('forgets ten thousand that connect and vanish', async () => {
  const ada = await world.person('Ada');
  const before = { connections: await streams.connections(), streams: world.hub.stats.streams };
  for (let wave = 0; wave < 100; wave += 1) {
    const crowd = Array.from({ length: 100 }, () => streams.ask(ada));
    await new Promise((resolve) => setImmediate(resolve));
    // Some before their request was read, some after.
    for (const socket of crowd) socket.destroy();
  }
  await eventually(async () => expect(await streams.connections()).toBe(before.connections));
  await eventually(() => expect(world.hub.stats.streams).toBe(before.streams));
  const socket = streams.ask(ada);
  await streams.read(socket, 'caught-up');
  socket.destroy();
});

it('refuses the thirty-third stream of one account with RATE_LIMITED', async () => {
  const ada = await world.person('Ada');
  const open = Array.from({ length: 32 }, () => streams.ask(ada));
  await Promise.all(open.map((socket) => streams.read(socket, 'caught-up')));
  const refused = streams.ask(ada);
  expect(await streams.read(refused, '"retryable"')).toContain('"reason":"RATE_LIMITED"');
  open[0]?.destroy();
  await eventually(() => expect(world.hub.stats.streams).toBe(31));
  const again = streams.ask(ada);
  await streams.read(again, 'caught-up');
  for (const socket of [...open, refused, again]) socket.destroy();
  await eventually(() => expect(world.hub.isConnected(ada.userId)).toBe(false));
});

it('holds a message of 16 kB once for five thousand people', async () => {
  const ada = await world.person('Ada');
  const sessionId = await world.conversation(ada);
  const buffers = new Set<Buffer>();
  let deliveries = 0;
  const sink = {
    deliver: (frames: readonly unknown[], bytes: Buffer) => {
      buffers.add(bytes);
      deliveries += frames.length;
    },
    ping: () => {},
    backlog: () => 0,
    drained: () => Promise.resolve(),
    end: () => {},
    drop: () => {},
  };
  const crowd = Array.from({ length: 5_000 }, () => {
    const userId = newUserId();
    return new Stream({ userId, authSessionId: userId, expiresAt: new Date(Date.now() + 3_600_000) }, sink);
  });
  for (const stream of crowd) world.hub.attach(stream, world.hub.pos, [sessionId]);
  buffers.clear();
  deliveries = 0;
  const { serialisations } = world.hub.stats;
  await world.say(ada, sessionId, longest);
  await eventually(() => expect(deliveries).toBe(5_000));
  expect(buffers.size).toBe(1);
  expect(world.hub.stats.serialisations - serialisations).toBe(1);
  for (const stream of crowd) world.hub.detach(stream);
});

it('tells a client that floods to come back later, and serves everybody else', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const [adas, bens] = [await world.conversation(ada), await world.conversation(ben)];
  const { limiter } = world.services;
  world.services.limiter = createLimits({ enabled: true, redis: null });
  try {
    const flooded = Promise.allSettled(Array.from({ length: 1_500 }, (_, i) => world.say(ada, adas, `${i}`)));
    expect((await world.say(ben, bens, 'one of mine')).duplicate).toBe(false);
    const refused = (await flooded).filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(400);
    for (const { reason } of refused) expect(reason.cause).toMatchObject({ reason: 'RATE_LIMITED' });
    expect(world.log.stats.queued).toBe(0);
  } finally {
    world.services.limiter = limiter;
  }
});
