import { describe, expect, it } from 'vitest';
import { isAbout, wishToForget } from './wish-to-forget.ts';

describe('a message asks to forget', () => {
  it.each([
    'forget that',
    'Forget it.',
    'please forget what I just said',
    'Jay, can you forget that please?',
    "Don't remember that",
    '@jay forget this',
    'No, forget that!',
  ])('what was just said: %j', (text) => expect(wishToForget(text)).toEqual({ kind: 'that' }));

  it.each([
    'forget everything',
    'Please forget everything you know about me',
    'forget all you remember of me',
  ])('all: %j', (text) => expect(wishToForget(text)).toEqual({ kind: 'all' }));

  it.each([
    ['forget my supervisor', 'Supervisor: Dr Bello', true],
    ['forget that I study agronomy', 'Studies agronomy', true],
    ['forget my name', 'Wants to be called Ada', true],
    ['forget my supervisor', 'Studies agronomy', false],
  ])('something: %j and what is remembered is %j', (text, memory, expected) => {
    const wish = wishToForget(text);
    if (wish?.kind !== 'about') throw new Error(`read as ${wish?.kind}`);
    expect(isAbout(memory, wish.words)).toBe(expected);
  });

  it.each([
    'I always forget my citations',
    'Do not forget the deadline',
    'forget how to cite, teach me',
    'How do I not forget anything in my defence?',
    'unforgettable',
    '',
  ])('but not when it says %j', (text) => expect(wishToForget(text)).toBeNull());
});
