import { describe, expect, test } from 'vitest';
import { daysIn, figuresIn, splitWhole } from './figures.ts';
import { readHandbook } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { workOut } from './tasks.ts';

const today = new Date(2026, 0, 10);
const worked = (question: string, ...earlier: string[]) => workOut(question, earlier, today)?.text ?? '';

describe('figures in a text', () => {
  test('are read with their separators, scales and units', () => {
    const values = figuresIn('1,200 students, 2.5k people, 3 thousand, 1 000 nurses, 5 % and 10 percent');
    expect(values.map(({ value }) => value)).toEqual([1200, 2500, 3000, 1000, 5, 10]);
    expect(values.map(({ unit }) => unit)).toEqual(['students', 'people', '', 'nurses', '%', '%']);
  });

  test('and lengths of time in words too', () => {
    expect(daysIn('I have eight weeks left')).toBe(56);
    expect(daysIn('in 10 days')).toBe(10);
    expect(daysIn('a month from now')).toBe(30);
    expect(daysIn('weeks and weeks')).toBeNull();
  });

  test('and a whole is split so that the parts add up to it', () => {
    expect(splitWhole(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitWhole(300, [600, 360, 240])).toEqual([150, 90, 60]);
  });
});

describe('a plan', () => {
  test('for eight weeks ends in week 8 and leaves no week out', () => {
    const text = worked('Make me a plan for 8 weeks');
    expect(text).toContain('**8 weeks**');
    const weeks = [...text.matchAll(/^\| weeks? (\d+)(?:–(\d+))?/gm)].flatMap(([, from, to]) => {
      const length = Number(to ?? from) - Number(from) + 1;
      return Array.from({ length }, (_, index) => Number(from) + index);
    });
    expect(weeks).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('of under six weeks goes by days, and begins where the student is', () => {
    const text = worked('I have collected my data, 3 weeks left, plan please');
    expect(text).toContain('**21 days**');
    expect(text).not.toContain('Data collection');
    expect(text).toContain('Cleaning and analysis');
  });

  test('for software has requirements and tests in it', () => {
    expect(worked('plan 12 weeks for building my app')).toContain('Requirements');
  });

  test('counts the days to a date', () => {
    expect(worked('my deadline is 12 March, make a plan')).toContain('**8 weeks**');
    expect(worked('plan until 2026-01-20')).toContain('**10 days**');
    expect(worked('plan until January 5')).toContain('**51 weeks**');
  });

  test('is laid out again for another time when only that is said', () => {
    expect(worked('make it 6 weeks', 'Make me a plan for 8 weeks')).toContain('**6 weeks**');
  });

  test.each([
    'How do I plan my time?',
    'my supervisor has not replied for 2 weeks, the deadline is near',
    'does ethics approval take 8 weeks?',
  ])('is not laid out for: %s', (question) => expect(worked(question)).toBe(''));
});

describe('a sample is shared among groups', () => {
  test('by their sizes', () => {
    const text = worked('Share a sample of 120 among 600 science, 360 arts and 240 law students');
    for (const row of ['| Science | 600 | 50.0 % | **60** |', '| Arts | 360', '| Law | 240'])
      expect(text).toContain(row);
  });

  test("and worked out by Yamane's formula where it is not given", () => {
    expect(worked('stratified: 100 level 400, 200 level 500, 300 level 300')).toContain('Yamane');
  });

  test('not where sizes are missing', () => {
    expect(worked('how do I share 300 questionnaires among 3 departments')).toBe('');
  });
});

test('words are divided among the chapters', () => {
  expect(worked('I have 12,000 words, how many for each chapter?')).toContain(
    '| 2 Literature review | 28 % | about 3,400 |',
  );
  expect(worked('divide 60 pages among the chapters')).toContain('about 17');
  expect(worked('abstract of 300 words')).toBe('');
});

test('every task names an entry and a section of it that exist', () => {
  const handbook = readHandbook(handbookDir);
  for (const question of [
    'sample size for 1200 students',
    'plan 8 weeks',
    'plan 2 weeks',
    'share a sample of 120: 600 science, 240 law',
    '12000 words for the chapters',
  ]) {
    const task = workOut(question, [], today);
    const entry = handbook.find(({ number }) => number === task?.entry);
    expect(
      entry?.sections.map(({ heading }) => heading),
      question,
    ).toContain(task?.heading);
  }
});
