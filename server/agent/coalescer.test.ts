import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescer } from './coalescer.ts';

describe('tokens on their way to devices', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leave at once at first and then together, at most every 40 ms', () => {
    const told: string[] = [];
    const coalescer = new Coalescer((piece) => told.push(piece));
    coalescer.add('A');
    expect(told).toEqual(['A']);
    for (const letter of 'BCDEFGH') {
      vi.advanceTimersByTime(5);
      coalescer.add(letter);
    }
    expect(told).toEqual(['A']);
    vi.advanceTimersByTime(40);
    expect(told).toEqual(['A', 'BCDEFGH']);
    coalescer.add('I');
    coalescer.flush();
    expect(told.join('')).toBe('ABCDEFGHI');
  });

  it('are forgotten when somebody else tells this answer', () => {
    const told: string[] = [];
    const coalescer = new Coalescer((piece) => told.push(piece));
    coalescer.add('A');
    coalescer.add('B');
    coalescer.drop();
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['A']);
  });
});
