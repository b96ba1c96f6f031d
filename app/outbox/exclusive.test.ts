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
  const frozen = gate();
  const stolen = vi.fn();
  const order: string[] = [];
  createExclusive(20)('outbox', () => frozen.opened).catch(stolen);
  const others = ['second', 'third', 'fourth'].map((name) =>
    createExclusive(20)('outbox', async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
    }),
  );
  await Promise.all(others);
  expect(stolen).toHaveBeenCalledOnce();
  // Nobody took it from whoever was at work.
  expect(order.map((step, i) => (i % 2 === 0 ? step.replace('begins', 'ends') : step))).toEqual(
    order.flatMap((step, i) => (i % 2 === 1 ? [step, step] : [])),
  );
  frozen.open();
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
