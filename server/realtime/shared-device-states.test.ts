import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newUserId } from '../../protocol/ids.ts';
import { unionOf } from './device-states.ts';
import { type DeviceChange, SharedDeviceStates } from './shared-device-states.ts';

const ada = newUserId();
const phone = 'phone';
const START = Date.parse('2026-11-25T12:00:00Z');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe.each([0, 120_000, -120_000])('two nodes whose clocks are %i ms apart', (apart) => {
  /** Seconds since the start, by the first node's clock, at which everything happens. */
  let at: number;
  function makeNode(nodeId: string, clock: number) {
    const sent: DeviceChange[][] = [];
    const devices = new SharedDeviceStates({
      nodeId,
      publish: (changes) => sent.push(changes),
      onSilence: () => {},
      onChangedElsewhere: () => {},
    });
    const here = <T>(task: () => T): T => {
      vi.setSystemTime(START + at * 1000 + clock);
      return task();
    };
    return { nodeId, sent, devices, here };
  }
  let one: ReturnType<typeof makeNode>;
  let two: ReturnType<typeof makeNode>;
  beforeEach(() => {
    at = 0;
    one = makeNode('one', 0);
    two = makeNode('two', apart);
  });

  /** The device calls this node, which believes it for 30 s, and the other one hears of it at once. */
  async function call(node: typeof one) {
    const other = node === one ? two : one;
    const now = node.here(Date.now);
    const state = { status: 'online' as const, activity: null, seenAt: now, until: now + 30_000 };
    await node.here(() => node.devices.put(ada, phone, state));
    tell(node, other);
  }
  function tell(node: typeof one, other: typeof one) {
    for (const changes of node.sent.splice(0)) other.here(() => other.devices.receive(node.nodeId, changes));
  }
  const statuses = () =>
    Promise.all(
      [one, two].map(async ({ devices, here }) =>
        here(() => devices.of(ada)).then((states) => here(() => unionOf(states, Date.now()).status)),
      ),
    );

  it('agree on who is here, and on when that is over (invariant 14)', async () => {
    for (const node of [two, one]) {
      await call(node);
      expect(await statuses()).toEqual(['online', 'online']);
      at += 29;
      expect(await statuses()).toEqual(['online', 'online']);
      at += 2;
      expect(await statuses()).toEqual(['offline', 'offline']);
    }
  });

  it('leave a device that moves to the node that it called last (invariant 14)', async () => {
    for (const [node, other] of [
      [two, one],
      [one, two],
      [two, one],
    ] as const) {
      await call(node);
      at += 1;
      expect([node, other].map(({ devices }) => devices.isElsewhere(ada, phone))).toEqual([false, true]);
      // The other one's connection ends a little later: nobody is gone.
      await other.here(() => other.devices.remove(ada, phone));
      tell(other, node);
      expect(await statuses()).toEqual(['online', 'online']);
    }
  });
});

it('remembers whose node fell silent, and of very many the latest: the others are told of a little later', () => {
  const told: string[] = [];
  const changed: string[] = [];
  const devices = new SharedDeviceStates({
    nodeId: 'one',
    publish: () => {},
    onSilence: (userId) => told.push(userId),
    onChangedElsewhere: (userId) => changed.push(userId),
  });
  const people = Array.from({ length: 10_001 }, () => newUserId());
  const [first] = people;
  const last = people.at(-1);
  if (!first || !last) throw new Error('nobody');
  const seenAt = START;
  const state = { status: 'online' as const, activity: null, seenAt, until: null };
  const say = (userId: typeof first, now: number) =>
    devices.receive('two', [{ userId, deviceId: phone, state, stamp: seenAt, sentAt: now }], now);
  for (const userId of people) say(userId, START);
  devices.compare();
  devices.expire(START + 60_000);
  expect(told).toHaveLength(10_001);
  changed.length = 0;
  told.length = 0;
  for (const userId of [first, last]) say(userId, START + 70_000);
  expect(told).toEqual([last]);
  devices.compare();
  expect(changed).toEqual([first, last]);
});
