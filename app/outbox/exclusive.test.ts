import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebLocks } from '../../tests/faults/web-locks.ts';
import { createExclusive } from './exclusive.ts';

beforeEach(() => {
  vi.stubGlobal('navigator', { locks: new WebLocks() });
});
afterEach(() => vi.unstubAllGlobals());

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

it('goes on behind a tab that is frozen while it drains, one after the other (invariant 20)', async () => {
  vi.useFakeTimers();
  const frozen = gate();
  const stolen = vi.fn();
  createExclusive(20)('outbox', () => frozen.opened).catch(stolen);
  await vi.advanceTimersByTimeAsync(0);
  const begun: ReturnType<typeof gate>[] = [];
  const others = [1, 2, 3].map(() =>
    createExclusive(20)('outbox', () => {
      const own = gate();
      begun.push(own);
      return own.opened;
    }),
  );
  await vi.advanceTimersByTimeAsync(19);
  expect([stolen.mock.calls.length, begun.length]).toEqual([0, 0]);
  await vi.advanceTimersByTimeAsync(5);
  // One of the three took it, and the others leave it to whoever is at work now.
  expect([stolen.mock.calls.length, begun.length]).toEqual([1, 1]);
  for (const turn of [1, 2, 3]) {
    begun.at(-1)?.open();
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toHaveLength(Math.min(turn + 1, 3));
  }
  await Promise.all(others);
  frozen.open();
  vi.useRealTimers();
});

it('waits as long as it takes where two at once would do harm', async () => {
  vi.useFakeTimers();
  const slow = gate();
  const first = createExclusive()('uploads', () => slow.opened);
  const second = vi.fn(async () => {});
  const after = createExclusive()('uploads', second);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(second).not.toHaveBeenCalled();
  slow.open();
  await Promise.all([first, after]);
  expect(second).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
