import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { preferenceFrom } from './feedback-preference.ts';

describe('a reason for liking or disliking an answer', () => {
  it.each([
    ['dislike', 'Too long', 'Prefers short answers'],
    ['dislike', 'way too short, I need more detail', 'Prefers detailed answers'],
    ['like', 'short and to the point', 'Prefers short answers'],
    ['dislike', 'Too complicated', 'Prefers plain words and simple explanations'],
    ['dislike', 'there are no examples', 'Wants examples'],
    ['dislike', 'needs sources', 'Wants sources to be named'],
    ['dislike', 'It is wrong about Kano', 'Did not like, about an answer: “It is wrong about Kano”'],
    ['like', 'The table', 'Liked, about an answer: “The table”'],
  ] as const)('%s, because %j, comes to %j', (value, reason, expected) =>
    expect(preferenceFrom(value, reason)).toBe(expected),
  );

  it('is none when nothing was said, and is cut when it is long', () => {
    expect(preferenceFrom('dislike', '  ')).toBeNull();
    const long = preferenceFrom('dislike', 'x'.repeat(2_000)) ?? '';
    expect(long.length).toBeLessThanOrEqual(limits.memoryLength);
  });
});
