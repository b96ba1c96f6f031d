import { expect, it } from 'vitest';
import { readEnv } from './env.ts';
import { createFailpoints } from './failpoints.ts';

it('dies at the place and the time that were planned, and nowhere else', () => {
  const died: number[] = [];
  let calls = 0;
  const pass = createFailpoints([{ place: 'before-fan-out', hit: 3 }], () => died.push(calls));
  for (calls = 1; calls <= 5; calls += 1) {
    pass('before-commit');
    pass('before-fan-out');
  }
  expect(died).toEqual([3]);
});

it('can be asked for by a test alone, never in production', () => {
  const FAILPOINTS = 'before-commit:2,mid-answer:10';
  const plan = [
    { place: 'before-commit', hit: 2 },
    { place: 'mid-answer', hit: 10 },
  ];
  expect(readEnv({ NODE_ENV: 'test', FAILPOINTS }).failpoints).toEqual(plan);
  expect(readEnv({ NODE_ENV: 'production', FAILPOINTS }).failpoints).toEqual([]);
  expect(readEnv({ FAILPOINTS }).failpoints).toEqual([]);
  expect(() => readEnv({ NODE_ENV: 'test', FAILPOINTS: 'anywhere:1' })).toThrow(/FAILPOINTS holds/);
});
