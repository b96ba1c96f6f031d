import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSessionId, newUserId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createSession } from '../../server/domain/create-session.ts';
import { eventually } from '../support/eventually.ts';
import { decodeFrames } from '../support/listen.ts';
import { type StreamServer, serveStreams } from '../support/stream-server.ts';
import { createWorld, type World } from '../support/world.ts';

/** One node alone: what a device missed is told from memory, in the turn of the event loop in which it asks. */
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

const long = 'x'.repeat(15_000);

/** The messages and the last cursor in what came whole of a stream. */
function heardIn(text: string) {
  const frames = decodeFrames(text.slice(0, text.lastIndexOf('\n\n') + 2));
  const contents = frames.flatMap(({ event, data }) => {
    const told = event === 'message' ? (JSON.parse(data) as { message?: { content: string } }) : {};
    return told.message ? [told.message.content.slice(0, -long.length)] : [];
  });
  return { contents, cursor: frames.findLast(({ id }) => id !== null)?.id ?? undefined };
}

async function comeBack(who: Account, cursor: string | undefined) {
  const socket = streams.ask(who, cursor);
  const heard = heardIn(await streams.read(socket, '"caught-up"'));
  socket.destroy();
  await eventually(() => expect(world.hub.isConnected(who.userId)).toBe(false));
  return heard;
}

async function sayLong(who: Account, sessionId: SessionId, from: number, count: number) {
  for (let i = from; i < from + count; i += 1) await world.say(who, sessionId, `${i} ${long}`);
}
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i} `);

describe('a device that missed more than a slow reader may lag', () => {
  it('comes back with its cursor and is told all of it, once and in order (invariants 7 and 11)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const { cursor } = await comeBack(ben, undefined);
    await sayLong(ada, sessionId, 0, 105);
    const { slowReaderCloses } = world.hub.stats;
    const back = await comeBack(ben, cursor);
    expect(back.contents).toEqual(numbers(105));
    expect(world.hub.stats.slowReaderCloses).toBe(slowReaderCloses);
  });

  it('comes back likewise for one event that is larger than that (invariant 11)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const name = '名'.repeat(60);
    const crowd = Array.from({ length: 3_500 }, () => {
      const id = newUserId();
      return { id, name, email: `${id}@example.test` };
    });
    await world.database.prisma.user.createMany({ data: crowd });
    const { cursor } = await comeBack(ben, undefined);
    await createSession(world.domain, ada, {
      id: newSessionId(),
      sessionType: 'general',
      memberIds: [ben.userId, ...crowd.map(({ id }) => id)],
      withAgent: false,
      maxParticipants: 5_000,
    });
    const socket = streams.ask(ben, cursor);
    const told = await streams.read(socket, '"caught-up"');
    expect(told).toContain('"session.created"');
    expect(Buffer.byteLength(told)).toBeGreaterThan(1_048_576);
    socket.destroy();
  });

  it('comes back likewise when that was why it was closed (invariant 11)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const slow = streams.ask(ben);
    let taken = '';
    slow.setEncoding('utf8').once('data', () => slow.pause());
    await eventually(() => expect(world.hub.isConnected(ben.userId)).toBe(true));
    let said = 0;
    for (; world.hub.isConnected(ben.userId) && said < 1_500; said += 20)
      await sayLong(ada, sessionId, said, 20);
    expect(world.hub.isConnected(ben.userId)).toBe(false);
    const closed = new Promise((resolve) => slow.once('close', resolve));
    slow.on('data', (piece) => {
      taken += piece;
    });
    slow.resume();
    await closed;
    const before = heardIn(taken);
    const after = await comeBack(ben, before.cursor);
    expect([...before.contents, ...after.contents]).toEqual(numbers(said));
  });
});

it('hands nothing live on top of a block of a replay that was not taken yet', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  const { cursor } = await world.as(ben).sync.snapshot();
  await sayLong(ada, sessionId, 0, 105);
  let [unsent, isDropped] = [0, false];
  const told: string[] = [];
  /** A reader that takes all it was given, once it is waited for. */
  const sink = {
    deliver: (frames: readonly { payload: string }[], bytes: Buffer) => {
      unsent += bytes.length;
      told.push(...frames.map(({ payload }) => (JSON.parse(payload) as { type: string }).type));
    },
    ping: () => {},
    backlog: () => unsent,
    drained: async () => {
      // While it takes the first block, much more is said.
      if (unsent > 0 && told.length === 105) await sayLong(ada, sessionId, 105, 105);
      unsent = 0;
    },
    end: () => {},
    drop: () => {
      isDropped = true;
    },
  };
  const expiresAt = new Date(Date.now() + 3_600_000);
  const subscription = world.services.subscribe({ ...ben, expiresAt }, cursor);
  const stream = await subscription.attachTo(sink, () => false);
  expect([isDropped, unsent < 1_000]).toEqual([false, true]);
  expect(told.filter((type) => type === 'message.created')).toHaveLength(210);
  expect(told.at(-1)).toBe('caught-up');
  subscription.detach(stream);
});

it('ends a stream with its auth session also while it is told what it missed (invariant 24)', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  const { cursor } = await world.as(ben).sync.snapshot();
  await sayLong(ada, sessionId, 0, 160);
  let [told, ended] = [0, 0];
  let isWaitedFor = () => {};
  const waiting = new Promise<void>((resolve) => {
    isWaitedFor = resolve;
  });
  let take = () => {};
  const sink = {
    deliver: (frames: readonly unknown[]) => {
      told += frames.length;
    },
    ping: () => {},
    backlog: () => 0,
    drained: () => {
      isWaitedFor();
      return new Promise<void>((resolve) => {
        take = resolve;
      });
    },
    end: () => {
      ended += 1;
    },
    drop: () => {},
  };
  const expiresAt = new Date(Date.now() + 3_600_000);
  const attached = world.services.subscribe({ ...ben, expiresAt }, cursor).attachTo(sink, () => false);
  await waiting;
  expect(world.hub.authSessions()).toContain(ben.authSessionId);
  const toldBefore = told;
  world.hub.closeStreams({ authSessionId: ben.authSessionId });
  expect(ended).toBe(1);
  take();
  expect((await attached).closed).toBe(true);
  expect(told).toBe(toldBefore);
  expect(world.hub.isConnected(ben.userId)).toBe(false);
  expect(world.hub.authSessions()).not.toContain(ben.authSessionId);
});
