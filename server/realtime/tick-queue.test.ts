import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quietStream } from '../../tests/support/quiet-stream.ts';
import { createFrame } from './frame.ts';
import { TickQueue } from './tick-queue.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue to one stream, and the writes that it got: the payloads in each. */
function queueThatTakes(ms: number) {
  const writes: string[][] = [];
  const queue = new TickQueue({
    position: () => 0,
    hand: (_stream, frames) => {
      writes.push(frames.map(({ payload }) => payload));
      vi.advanceTimersByTime(ms);
    },
    onFlushed: () => {},
  });
  const to = new Set([quietStream()]);
  let pos = 0;
  const say = (payload: string) => {
    pos += 1;
    queue.add(createFrame(payload, `c${pos}`), pos, to, null);
  };
  return { say, writes };
}

it('lets what is said in one turn leave in one write, and after a short fan-out the next at once', () => {
  const { say, writes } = queueThatTakes(0);
  say('1');
  say('2');
  vi.advanceTimersByTime(0);
  say('3');
  vi.advanceTimersByTime(0);
  expect(writes).toEqual([['1', '2'], ['3']]);
});

it('rests after a long fan-out for half as long as that took, and what is said meanwhile leaves together', () => {
  const { say, writes } = queueThatTakes(10);
  say('1');
  vi.advanceTimersByTime(0);
  for (const payload of ['2', '3']) {
    say(payload);
    vi.advanceTimersByTime(2);
  }
  expect(writes).toEqual([['1']]);
  vi.advanceTimersByTime(1);
  expect(writes).toEqual([['1'], ['2', '3']]);
});

it('never rests for longer than nobody would notice', () => {
  const { say, writes } = queueThatTakes(400);
  say('1');
  vi.advanceTimersByTime(0);
  say('2');
  vi.advanceTimersByTime(20);
  expect(writes).toEqual([['1'], ['2']]);
});
