import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newUserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { WebLocks } from '../../tests/faults/web-locks.ts';
import { patientFetch } from '../trpc/patient-fetch.ts';
import { createExclusive, PUSH_FROZEN_MS } from './exclusive.ts';

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
  await vi.advanceTimersByTimeAsync(10);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(9);
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

it('takes nothing from its own tab, however slow what is under way there is', async () => {
  vi.useFakeTimers();
  const slow = gate();
  const exclusive = createExclusive(20);
  const first = exclusive('outbox', () => slow.opened);
  const second = vi.fn(async () => {});
  const after = exclusive('outbox', second);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(second).not.toHaveBeenCalled();
  slow.open();
  await Promise.all([first, after]);
  expect(second).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

it('lets a tab that was frozen finish what it was at before it begins anything else', async () => {
  vi.useFakeTimers();
  const frozen = gate();
  const [thawed, other] = [createExclusive(20), createExclusive(20)];
  const stolen = vi.fn();
  thawed('outbox', () => frozen.opened).catch(stolen);
  await vi.advanceTimersByTimeAsync(0);
  const taken = other('outbox', async () => {});
  await vi.advanceTimersByTimeAsync(25);
  await taken;
  expect(stolen).toHaveBeenCalledOnce();
  const next = vi.fn(async () => {});
  const after = thawed('outbox', next);
  await vi.advanceTimersByTimeAsync(5);
  expect(next).not.toHaveBeenCalled();
  frozen.open();
  await after;
  expect(next).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

it('takes no push that is still waited for to be that of a frozen tab', async () => {
  vi.useFakeTimers();
  const silent = patientFetch(() => new Promise(() => {}));
  // The largest that one entry may be, which then goes alone: a picture, or a conversation of very many.
  const largest = [
    { picture: 'x'.repeat(limits.pictureCharacters) },
    { memberIds: Array.from({ length: limits.participantsAtMost }, () => newUserId()) },
    { content: '\u0001'.repeat(limits.messageLength) },
  ];
  const givenUp = largest.map((input) => {
    const called = vi.fn();
    silent('/trpc', { method: 'POST', body: JSON.stringify({ mutations: [{ input }] }) }).catch(called);
    return called;
  });
  await vi.advanceTimersByTimeAsync(PUSH_FROZEN_MS - 10_000);
  expect(givenUp.map((called) => called.mock.calls.length)).toEqual([1, 1, 1]);
  vi.useRealTimers();
});
