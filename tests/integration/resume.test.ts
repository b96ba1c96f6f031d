import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ephemeral } from '../../app/sync/ephemeral.ts';
import { EphemeralEvent } from '../../protocol/events.ts';
import type { HeldAnswer } from '../../protocol/held-answer.ts';
import { newMessageId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { connectedBytes } from '../../server/realtime/frame.ts';
import type { Sink } from '../../server/realtime/stream.ts';
import { decodeFrames } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** All that one subscription sends until it has caught up, byte for byte as a socket gets it. */
async function replay(who: Account, cursor: string, held: HeldAnswer[] = []): Promise<Buffer> {
  const parts: Buffer[] = [connectedBytes];
  const sink: Sink = {
    deliver: (_frames, bytes) => void parts.push(bytes),
    ping: () => {},
    backlog: () => 0,
    drained: () => Promise.resolve(),
    end: () => {},
    drop: () => {},
  };
  const subscriber = { ...who, expiresAt: new Date(Date.now() + 3_600_000) };
  const subscription = world.services.subscribe(subscriber, cursor, held);
  subscription.detach(await subscription.attachTo(sink, () => false));
  return Buffer.concat(parts);
}

/** The whole frames at the beginning of what arrived: a cut one is no frame. */
function wholeFrames(bytes: Buffer) {
  const text = bytes.toString('utf8');
  const end = text.lastIndexOf('\n\n');
  return decodeFrames(end < 0 ? '' : text.slice(0, end + 2)).flatMap(({ data, id }) => {
    const event = id === null ? null : (JSON.parse(data) as { type: string });
    return event && id !== null && event.type !== 'caught-up' ? [{ id, data }] : [];
  });
}

const fill = async (who: Account, sessionId: SessionId, count: number) => {
  for (let i = 0; i < count; i += 1)
    await world.as(who).message.send({ id: newMessageId(), sessionId, content: `Nummer ${i} – äöü 🎓` });
};

describe('resuming costs only what was missed (M6, invariant 7)', () => {
  it('after a cut at every byte of a replay: the same events, once, with at most 500 bytes on top', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    await fill(ada, sessionId, 30);
    const whole = await replay(ada, cursor);
    const expected = wholeFrames(whole).map(({ data }) => data);
    expect(expected).toHaveLength(30);
    const resumed = new Map<string, Buffer>();
    let worst = 0;
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const before = wholeFrames(whole.subarray(0, cut));
      const from = before.at(-1)?.id ?? cursor;
      const rest = resumed.get(from) ?? (await replay(ada, from));
      resumed.set(from, rest);
      const after = wholeFrames(rest);
      if (before.length + after.length !== expected.length) throw new Error(`cut at ${cut}`);
      const data = [...before, ...after].map((frame) => frame.data);
      if (data.some((one, index) => one !== expected[index])) throw new Error(`cut at ${cut}`);
      const missed = after.reduce((sum, { id, data: text }) => sum + frameBytes(id, text), 0);
      worst = Math.max(worst, rest.length - missed);
    }
    expect(resumed.size).toBe(31);
    expect(worst).toBeLessThanOrEqual(500);
  });

  it('an answer that is being written, cut at every character: its rest, with at most 500 bytes on top', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    const messageId = newMessageId();
    const whole = 'For 500 people take 217 😀 — Grüße, 世界.\n\n- "one"\n- two\n'.repeat(12);
    world.hub.beginAnswer(sessionId, messageId);
    world.hub.extendAnswer(sessionId, messageId, whole);
    const everything = (await replay(ada, cursor)).length;
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const device = new Ephemeral();
      const shown = whole.slice(0, cut);
      if (cut > 0) device.apply({ type: 'turn.delta', sessionId, messageId, offset: 0, text: shown });
      const rest = await replay(ada, cursor, device.heldAnswers());
      for (const { data } of wholeFrames(rest)) device.apply(EphemeralEvent.parse(JSON.parse(data)));
      if (device.store.get().answers[messageId] !== whole) throw new Error(`cut at ${cut}`);
      const missed = Buffer.byteLength(JSON.stringify(whole.slice(cut)));
      if (rest.length > missed + 500) throw new Error(`cut at ${cut}: ${rest.length} bytes for ${missed}`);
    }
    expect(everything).toBeGreaterThan(Buffer.byteLength(whole));
    world.hub.answers.end(sessionId, messageId);
  });

  it('an answer that was begun anew meanwhile comes whole, whatever the device says it holds', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    const messageId = newMessageId();
    const device = new Ephemeral();
    device.apply({ type: 'turn.delta', sessionId, messageId, offset: 0, text: 'What was written at first' });
    world.hub.beginAnswer(sessionId, messageId);
    world.hub.extendAnswer(sessionId, messageId, 'Another beginning, and longer than the first one was');
    for (const { data } of wholeFrames(await replay(ada, cursor, device.heldAnswers())))
      device.apply(EphemeralEvent.parse(JSON.parse(data)));
    expect(device.store.get().answers[messageId]).toBe(
      'Another beginning, and longer than the first one was',
    );
    world.hub.answers.end(sessionId, messageId);
  });

  it('brings a thousand missed messages in one subscription, in order', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    const sends = Array.from({ length: 1_000 }, (_, i) =>
      world.as(ada).message.send({ id: newMessageId(), sessionId, content: `${i}` }),
    );
    await Promise.all(sends);
    const bytes = await replay(ada, cursor);
    const seqs = wholeFrames(bytes).map(({ data }) => (JSON.parse(data) as { seq: number }).seq);
    expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 2));
    expect(bytes.toString().match(/"caught-up"/g)).toHaveLength(1);
  });
});

const frameBytes = (id: string, data: string) => Buffer.byteLength(`data: ${data}\nid: ${id}\n\n`);
