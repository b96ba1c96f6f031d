import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

function breakerAt() {
  const clock = { ms: 1 };
  return { clock, breaker: new CircuitBreaker(() => clock.ms) };
}

describe('a provider that fails', () => {
  it('is left alone after three failures in a row, and tried by one call after a rest', () => {
    const { clock, breaker } = breakerAt();
    for (let i = 0; i < 3; i += 1) {
      expect(breaker.allows()).toBe(true);
      breaker.failed();
    }
    expect(breaker.allows()).toBe(false);
    clock.ms += 30_000;
    expect(breaker.allows()).toBe(true);
    expect(breaker.allows()).toBe(false);
    breaker.succeeded();
    expect(breaker.allows()).toBe(true);
  });

  it('rests twice as long each time that it is tried in vain, and as long as it wishes to', () => {
    const { clock, breaker } = breakerAt();
    for (let i = 0; i < 3; i += 1) breaker.failed(50_000);
    clock.ms += 49_999;
    expect(breaker.allows()).toBe(false);
    clock.ms += 1;
    expect(breaker.allows()).toBe(true);
    breaker.failed();
    clock.ms += 59_999;
    expect(breaker.allows()).toBe(false);
    clock.ms += 1;
    expect(breaker.allows()).toBe(true);
  });

  it('is not judged by two failures, nor by calls that we ended ourselves', () => {
    const { clock, breaker } = breakerAt();
    breaker.failed();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    breaker.failed();
    expect(breaker.allows()).toBe(true);
    breaker.failed();
    clock.ms += 30_000;
    expect(breaker.allows()).toBe(true);
    breaker.abandoned();
    expect(breaker.allows()).toBe(true);
  });
});
