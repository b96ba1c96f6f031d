import { describe, expect, test } from 'vitest';
import { distanceWithin, Spelling } from './spelling.ts';

const spelling = new Spelling(
  (word) => ['bread', 'board'].includes(word),
  ['questionnaire', 'sample', 'broad', 'methodology', 'review'],
);

describe('a mistyped word', () => {
  test.each([
    ['quesionnaire', 'questionnaire'],
    ['questionaire', 'questionnaire'],
    ['smaple', 'sample'],
    ['methdology', 'methodology'],
    ['reveiw', 'review'],
  ])('%s becomes %s', (typed, meant) => expect(spelling.correct(typed)).toBe(meant));

  test.each(['bread', 'board', 'sample', 'tread', 'football', 'abc', 'sampl3'])(
    '%s stays: known, or like nothing that is',
    (word) => expect(spelling.correct(word)).toBeNull(),
  );
});

test('two neighbours swapped are one slip, and distance is not counted beyond its reach', () => {
  expect(distanceWithin('sample', 'smaple', 2)).toBe(1);
  expect(distanceWithin('same', 'same', 2)).toBe(0);
  expect(distanceWithin('sample', 'methodology', 2)).toBe(3);
});
