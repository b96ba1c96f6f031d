import { expect, it } from 'vitest';
import { hasFormulas, inDollars } from './formulas.ts';

it.each([
  ['brackets in a line', 'so \\(a^2\\) it is', 'so $$a^2$$ it is'],
  ['brackets on their own', 'so\n\\[\na^2\n\\]\nit is', 'so\n$$\na^2\n$$\nit is'],
  ['dollars on their own', 'so\n  $$a^2$$\nit is', 'so\n  $$\n  a^2\n  $$\nit is'],
  ['code', 'as `\\(a\\)` and\n```\n\\[b\\]\n```\nsays', 'as `\\(a\\)` and\n```\n\\[b\\]\n```\nsays'],
  ['code that is still being written', 'x\n```tex\n\\(a\\)', 'x\n```tex\n\\(a\\)'],
  ['money', 'from $5 to $10', 'from $5 to $10'],
])('formulas: %s', (_what, written, expected) => {
  expect(inDollars(written)).toBe(expected);
  expect(inDollars(expected)).toBe(expected);
});

it('only text with formulas asks for their typesetting', () => {
  expect(hasFormulas('$5 and [a] (b)')).toBe(false);
  expect(hasFormulas('\\(x\\)')).toBe(true);
});
