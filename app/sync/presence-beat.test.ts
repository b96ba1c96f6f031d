import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { UNTOUCHED_MS } from './attention.ts';
import { PresenceBeat } from './presence-beat.ts';

const look = (state: 'visible' | 'hidden') => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
};

const told: string[] = [];
let stop: () => void;
let due = true;
let busy = false;
const beat = () =>
  new PresenceBeat({
    name: 'seen',
    isDue: () => due,
    isBusy: () => busy,
    tell: async (status, nextInMs) => void told.push(`${status} ${nextInMs}`),
  });
beforeEach(() => {
  vi.useFakeTimers();
  due = true;
  busy = false;
  stop = beat().start();
  told.length = 0;
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

const touch = (type: string) => window.dispatchEvent(new Event(type));

it.each(['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'])(
  'says that nobody is at a page that was left alone for five minutes, and at the first %s that somebody is (S22)',
  (kind) => {
    vi.advanceTimersByTime(UNTOUCHED_MS - 1);
    expect(told).not.toContain('away 20000');
    touch(kind);
    vi.advanceTimersByTime(UNTOUCHED_MS - 1);
    expect(told).not.toContain('away 20000');
    told.length = 0;
    // What the page does by itself touches nothing.
    touch('scroll');
    vi.advanceTimersByTime(1);
    expect(told[0]).toBe('away 20000');
    vi.advanceTimersByTime(2 * UNTOUCHED_MS);
    expect(new Set(told)).toEqual(new Set(['away 20000']));
    told.length = 0;
    touch(kind);
    touch(kind);
    expect(told).toEqual(['online 20000']);
  },
);

it('leaves no timer in a hidden page but the beat', () => {
  expect(vi.getTimerCount()).toBe(3);
  look('hidden');
  expect(vi.getTimerCount()).toBe(1);
  touch('pointermove');
  expect(vi.getTimerCount()).toBe(1);
  look('visible');
  vi.advanceTimersByTime(UNTOUCHED_MS);
  expect(vi.getTimerCount()).toBe(1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  touch('keydown');
  expect(vi.getTimerCount()).toBe(0);
});

it('counts a touch in any tab: one that is left alone speaks for another in which somebody writes', async () => {
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  stop();
  stop = beat().start();
  const other = new BroadcastChannel('seen');
  const heard = vi.fn();
  other.onmessage = heard;
  vi.advanceTimersByTime(UNTOUCHED_MS);
  expect(told.at(-1)).toBe('away 20000');
  other.postMessage('seen');
  await eventually(() => expect(told.at(-1)).toBe('online 20000'));
  vi.advanceTimersByTime(20_000);
  expect(told.at(-1)).toBe('online 20000');
  // The other one was left alone too.
  vi.advanceTimersByTime(20_000);
  expect(told.at(-1)).toBe('away 20000');
  heard.mockClear();
  touch('keydown');
  await eventually(() => expect(heard).toHaveBeenCalledTimes(1));
  other.close();
});

it('leaves it to the tab that leads', () => {
  due = false;
  vi.advanceTimersByTime(41_000);
  look('hidden');
  expect(told).toEqual([]);
});
