import { describe, expect, it } from 'vitest';
import { check, isClean, type Write } from './checker.ts';

const write = (body: string, outcome: Write['outcome'] = 'acknowledged', device = 'phone'): Write => ({
  device,
  sessionId: 's',
  body,
  outcome,
});
const server = (...bodies: string[]) => [{ where: 'server', sessionId: 's', bodies }];
const phone = (...bodies: string[]) => [{ where: 'phone', sessionId: 's', bodies }];

describe('the checker', () => {
  it('accepts what was written once, in order, everywhere', () => {
    expect(isClean(check([write('a'), write('b')], server('a', 'b'), phone('a', 'b')))).toBe(true);
  });
  it('accepts that an unknown call happened once or not at all', () => {
    expect(isClean(check([write('a', 'unknown')], server('a'), phone('a')))).toBe(true);
    expect(isClean(check([write('a', 'unknown')], server(), phone()))).toBe(true);
  });
  it('finds what was lost, doubled, reordered, invented or is stale', () => {
    expect(check([write('a')], server(), []).lost).toHaveLength(1);
    expect(check([write('a')], server('a', 'a'), []).doubled).toHaveLength(1);
    expect(check([write('a'), write('b')], server('b', 'a'), []).reordered).toHaveLength(1);
    expect(check([], server('x'), []).invented).toHaveLength(1);
    expect(check([write('a', 'failed')], server('a'), []).invented).toHaveLength(1);
    expect(check([write('a')], server('a'), phone()).stale).toHaveLength(1);
  });
});
