import { expect, it } from 'vitest';
import { quietStream } from '../../tests/support/quiet-stream.ts';
import { HeartbeatWheel } from './heartbeat-wheel.ts';
import type { Stream } from './stream.ts';

it('beats every stream once a round, spread over its seconds, and those that left no more', () => {
  const beats = new Map<Stream, number>();
  const wheel = new HeartbeatWheel(5, (stream) => beats.set(stream, (beats.get(stream) ?? 0) + 1));
  const streams = Array.from({ length: 50 }, () => quietStream());
  for (const stream of streams) wheel.add(stream);
  for (let second = 1; second <= 5; second += 1) {
    wheel.turn();
    expect(beats.size).toBe(second * 10);
  }
  const [gone] = streams as [Stream];
  wheel.remove(gone);
  for (let second = 0; second < 5; second += 1) wheel.turn();
  expect(beats.get(gone)).toBe(1);
  expect([...beats.values()].reduce((sum, count) => sum + count, 0)).toBe(50 + 49);
  wheel.stop();
});
