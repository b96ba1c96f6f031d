import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leaveWhenOnline } from './leave-when-online.ts';
import { hasLeft, startLeaving } from './leaving.ts';

const fresh = vi.fn();

beforeEach(async () => {
  vi.spyOn(window.location, 'replace').mockImplementation(fresh);
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.reject(new TypeError('no network'))),
  );
  await startLeaving();
});
afterEach(() => {
  hasLeft();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
  fresh.mockReset();
});

it('starts anew once another tab has told the server (invariant 26)', async () => {
  vi.useFakeTimers();
  void leaveWhenOnline();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fresh).not.toHaveBeenCalled();
  hasLeft();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(fresh).toHaveBeenCalledExactlyOnceWith('/');
});

it('starts anew where the server was told before it began (invariant 26)', async () => {
  hasLeft();
  await leaveWhenOnline();
  expect(fresh).toHaveBeenCalledExactlyOnceWith('/');
  expect(fetch).not.toHaveBeenCalled();
});
