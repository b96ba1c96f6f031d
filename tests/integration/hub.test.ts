import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newMessageId, newMutationId, newSessionId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createLogReader } from '../../server/log/log-reader.ts';
import { Hub } from '../../server/realtime/hub.ts';
import { eventually } from '../support/eventually.ts';
import { contentsOf, listen } from '../support/listen.ts';
import { quietStream } from '../support/quiet-stream.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a stream that comes straight back', () => {
  it('is told what it missed from memory, once and in order, as the log would tell it', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const [shared, other] = [await world.conversation(ada, [ben]), await world.conversation(ada)];
    const device = await listen(world, ben);
    await world.say(ada, shared, 'seen');
    const { cursor } = await device.until((e) => e.type === 'message.created');
    await device.close();
    for (const content of ['one', 'two']) await world.say(ada, shared, content);
    await world.say(ada, other, 'not for Ben');
    const { resumedFromMemory, serialisations } = world.hub.stats;
    const back = await listen(world, ben, cursor);
    expect(world.hub.stats.resumedFromMemory).toBe(resumedFromMemory + 1);
    expect(contentsOf(back.heard)).toEqual(['one', 'two']);
    // The frames of those who were there, again.
    expect(world.hub.stats.serialisations).toBe(serialisations);
    await world.say(ada, shared, 'live');
    await back.until((e) => e.type === 'message.created' && e.message.content === 'live');
    await back.close();
  });

  it('hears nothing that was said after it was removed meanwhile (invariant 24)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const device = await listen(world, ben);
    const cursor = device.heard[0]?.cursor;
    await device.close();
    await world.say(ada, sessionId, 'for Ben');
    await world.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    await world.say(ada, sessionId, 'behind his back');
    const { resumedFromMemory } = world.hub.stats;
    const back = await listen(world, ben, cursor);
    expect(world.hub.stats.resumedFromMemory).toBe(resumedFromMemory + 1);
    expect(back.heard.map(({ event }) => event.type)).toEqual([
      'message.created',
      'member.left',
      'caught-up',
    ]);
    expect(contentsOf(back.heard)).toEqual(['for Ben']);
    await back.close();
  });

  it('does not get words that were deleted meanwhile, though memory still holds them', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const device = await listen(world, ben);
    const cursor = device.heard[0]?.cursor;
    await device.close();
    const { id: messageId } = await world.say(ada, sessionId, 'regretted');
    await world.as(ada).message.delete({ mutationId: newMutationId(), messageId });
    const back = await listen(world, ben, cursor);
    expect(JSON.stringify(back.heard)).not.toContain('regretted');
    expect(back.heard.at(-2)?.event.type).toBe('message.deleted');
    await back.close();
  });

  it('is told of each state its newest value alone, whether memory tells it or the log', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const device = await listen(world, ada);
    const cursor = device.heard[0]?.cursor;
    await device.close();
    const { id: messageId } = await world.say(ben, sessionId, 'one');
    const [mine, his] = [world.as(ada), world.as(ben)];
    for (const seq of [1, 2]) await his.receipt.mark({ sessionId, readSeq: seq });
    await mine.receipt.mark({ sessionId, deliveredSeq: 1 });
    for (const content of ['a', 'ab'])
      await mine.draft.set({ sessionId, content, at: `2026-11-25T08:00:0${content.length}.000Z` });
    for (const on of [true, false]) await mine.message.star({ mutationId: newMutationId(), messageId, on });
    for (const tone of ['formal', 'direct'] as const) await mine.me.update({ settings: { tone } });
    await mine.receipt.mark({ sessionId, readSeq: 2 });
    const told = async () => {
      const back = await listen(world, ada, cursor);
      await back.close();
      return back.heard.map(({ event, cursor: at }) => ({ event, at }));
    };
    const { resumedFromMemory } = world.hub.stats;
    const fromMemory = await told();
    expect(world.hub.stats.resumedFromMemory).toBe(resumedFromMemory + 1);
    expect(fromMemory.map(({ event }) => event.type)).toEqual([
      'message.created',
      'receipt',
      'draft',
      'star',
      'me.updated',
      'receipt',
      'caught-up',
    ]);
    // As if this node had just begun.
    const spy = vi.spyOn(world.hub, 'resume').mockReturnValue(false);
    expect(await told()).toEqual(fromMemory);
    spy.mockRestore();
  });

  it('does not get away with the cursor of somebody else', async () => {
    const [ada, eve] = [await world.person('Ada'), await world.person('Eve')];
    const device = await listen(world, ada);
    const cursor = device.heard[0]?.cursor;
    await device.close();
    await (await listen(world, eve)).close();
    const back = await listen(world, eve, cursor);
    expect(back.heard[0]?.event.type).toBe('resync');
    await back.close();
  });
});

it('ends a stream at its next beat once its auth session is over, and no other', async () => {
  const log = createLogReader(world.database);
  const onError = (error: unknown) => expect.fail(String(error));
  const hub = new Hub({ ...(await log.head()), log, onError, pingSeconds: 1 });
  const ended = vi.fn();
  const pinged = vi.fn();
  const over = quietStream({ end: ended }, 0);
  const lasting = quietStream({ ping: pinged });
  for (const stream of [over, lasting]) hub.attach(stream, hub.pos, []);
  await eventually(() => expect(pinged).toHaveBeenCalled());
  await eventually(() => expect(ended).toHaveBeenCalledOnce());
  expect([over.closed, lasting.closed]).toEqual([true, false]);
  hub.close();
});

it('closes whoever was behind before an event came, and nobody for the size of one (invariant 11)', async () => {
  const log = createLogReader(world.database);
  const onError = (error: unknown) => expect.fail(String(error));
  const hub = new Hub({ ...(await log.head()), log, onError, backlogAtMost: 1_000 });
  let unsent = 0;
  const dropped = vi.fn();
  // A network that takes what it is given, but not within the call.
  const stream = quietStream({
    deliver: (_frames, bytes) => {
      unsent += bytes.length;
    },
    backlog: () => unsent,
    drop: dropped,
  });
  const sessionId = newSessionId();
  const messageId = newMessageId();
  hub.attach(stream, hub.pos, [sessionId]);
  const tell = async (text: string) => {
    hub.extendAnswer(sessionId, messageId, text);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let i = 0; i < 3; i += 1) {
    await tell('x'.repeat(5_000));
    expect(unsent).toBeGreaterThan(5_000);
    unsent = 0;
  }
  expect([stream.closed, hub.stats.slowReaderCloses]).toEqual([false, 0]);
  await tell('x'.repeat(5_000));
  await tell('y');
  expect([stream.closed, hub.stats.slowReaderCloses]).toEqual([true, 1]);
  expect(dropped).toHaveBeenCalledOnce();
  hub.close();
});

it('serialises once and shares one write for all that one turn brings, however many sessions spoke', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => world.person()));
  const [ada, ...others] = people as [Account, ...Account[]];
  const sessions = [await world.conversation(ada, others), await world.conversation(ada, others)];
  const devices = await Promise.all(people.map((person) => listen(world, person)));
  const before = { ...world.hub.stats };
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => world.say(ada, sessions[i % 2] as SessionId, `message ${i}`)),
  );
  for (const device of devices)
    await device.until((e) => e.type === 'message.created' && e.message.content === 'message 9');
  expect(world.hub.stats.serialisations - before.serialisations).toBe(10);
  expect(world.hub.stats.deliveries - before.deliveries).toBe(10 * 6);
  // Ten writes at once are one or two commits, and so one or two writes to each.
  expect(world.hub.stats.writes - before.writes).toBeLessThanOrEqual(2 * 6);
  for (const device of devices) await device.close();
});

it('tells ten devices of an answer what it tells one, in as many frames', async () => {
  const frames: number[] = [];
  for (const count of [1, 10]) {
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const devices = await Promise.all(Array.from({ length: count }, () => listen(world, ada)));
    const before = world.hub.stats.answerFrames;
    const messageId = newMessageId();
    for (let i = 0; i < 30; i += 1) world.hub.extendAnswer(sessionId, messageId, `piece ${i} `);
    for (const device of devices)
      await device.until((e) => e.type === 'turn.delta' && e.text === 'piece 29 ');
    frames.push(world.hub.stats.answerFrames - before);
    for (const device of devices) await device.close();
  }
  expect(frames).toEqual([30, 30]);
});

it('tells presence to the people of small conversations only', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const small = await world.conversation(ada, [ben]);
  const large = await world.conversation(ada, [ben]);
  const cleo = await world.person('Cleo');
  const devices = [await listen(world, ada), await listen(world, ben)];
  await world
    .as(ada)
    .session.addMember({ mutationId: newMutationId(), sessionId: large, userId: cleo.userId });
  for (let i = 0; i < 201; i += 1) devices.push(await listen(world, cleo));
  expect([...world.hub.peersOf([large])]).toEqual([]);
  expect(new Set(world.hub.peersOf([small]))).toEqual(new Set([ada.userId, ben.userId]));
  for (const device of devices) await device.close();
});
