import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PresenceBeat } from './presence-beat.ts';

const look = (state: 'visible' | 'hidden') => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
};

const told: string[] = [];
let stop: () => void;
let due = true;
let busy = false;
beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  due = true;
  busy = false;
  const beat = new PresenceBeat({
    name: 'seen',
    isDue: () => due,
    isBusy: () => busy,
    tell: async (status, nextInMs) => void told.push(`${status} ${nextInMs}`),
  });
  stop = beat.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('promises again and again to be here, within the time that others believe it (invariant 14)', () => {
  vi.advanceTimersByTime(61_000);
  expect(told).toEqual(['online 20000', 'online 20000', 'online 20000']);
});

it('says at once that nobody looks any more, and that somebody does', () => {
  look('hidden');
  look('visible');
  expect(told).toEqual(['away 20000', 'online 20000']);
});

it('says what was chosen, looked at or not', () => {
  busy = true;
  look('hidden');
  look('visible');
  vi.advanceTimersByTime(20_000);
  busy = false;
  look('hidden');
  expect(told).toEqual(['busy 20000', 'busy 20000', 'busy 20000', 'away 20000']);
});

it('promises nothing that a sleeping page cannot keep', () => {
  look('hidden');
  told.length = 0;
  // The browser wakes a hidden page once a minute: the beat that runs then is late.
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(20_000);
  expect(told).toEqual([]);
  look('visible');
  expect(told).toEqual(['online 20000']);
});

it('leaves it to the tab that leads', () => {
  due = false;
  vi.advanceTimersByTime(41_000);
  look('hidden');
  expect(told).toEqual([]);
});
