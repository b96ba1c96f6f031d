import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebLocks } from '../../tests/faults/web-locks.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { Leadership } from './leader.ts';

let locks: WebLocks;
let followers: Leadership[];

beforeEach(() => {
  locks = new WebLocks();
  followers = [];
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  for (const follower of followers) follower.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function follow(name: string, lead: () => void, heartbeatMs?: number): Leadership {
  const follower = new Leadership({
    name,
    lead: () => {
      lead();
      return () => {};
    },
    onMessage: () => {},
    onAsked: () => {},
    onNewcomer: () => {},
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  followers.push(follower);
  follower.start();
  return follower;
}

describe('the tab that leads', () => {
  it('is followed by another once it gives no sign of life, also when the clock was set back meanwhile (M8)', async () => {
    // Frozen while it holds the lock.
    void locks.request('frozen', () => new Promise(() => {})).catch(() => {});
    const lead = vi.fn();
    follow('frozen', lead, 10);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now - 86_400_000);
    await eventually(() => expect(lead).toHaveBeenCalledOnce());
  });

  it('is left in the lead by a hidden tab that acts once a minute, for as long as it gives a sign as often', async () => {
    void locks.request('hidden', () => new Promise(() => {})).catch(() => {});
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const lead = vi.fn(() => () => {});
    let onMessage = () => {};
    const follower = new Leadership({
      name: 'hidden',
      lead,
      onMessage: () => onMessage(),
      onAsked() {},
      onNewcomer() {},
    });
    const leader = new BroadcastChannel('hidden');
    try {
      const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
      follower.start();
      for (let minute = 1; minute <= 5; minute += 1) {
        clock.mockReturnValue(minute * 60_000 - 1);
        vi.advanceTimersToNextTimer();
        const isSigned = new Promise<void>((resolve) => {
          onMessage = resolve;
        });
        leader.postMessage('a sign');
        await isSigned;
      }
      expect(lead).not.toHaveBeenCalled();
      for (let minute = 6; minute <= 9; minute += 1) {
        clock.mockReturnValue(minute * 60_000 - 1);
        vi.advanceTimersToNextTimer();
      }
      vi.useRealTimers();
      await eventually(() => expect(lead).toHaveBeenCalledOnce());
    } finally {
      vi.useRealTimers();
      leader.close();
      follower.close();
    }
  });

  it('is one alone, and the next once it ends', async () => {
    const lead = vi.fn();
    const first = follow('ended', lead);
    const second = follow('ended', lead);
    await eventually(() => expect(lead).toHaveBeenCalledOnce());
    expect([first.isLeader, second.isLeader]).toEqual([true, false]);
    first.close();
    await eventually(() => expect(second.isLeader).toBe(true));
  });
});
