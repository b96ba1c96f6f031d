import { describe, expect, test } from 'vitest';
import { sampleSizeFor } from './sample-size.ts';

const sizeFor = (question: string, ...earlier: string[]) => sampleSizeFor(question, earlier)?.text ?? '';

describe('a sample size is worked out', () => {
  test.each([
    ['How large should my sample be for 300 students?', '**172**', '**169**'],
    ['sample size for a population of 1,200', '**300**', '**292**'],
    ['how many respondents do I need, N = 1200, e = 0.05', '**300**', '**292**'],
    ['yamane for 2.5k people at 10 %', '**97**', '**93**'],
    ['calculate sample size: population 10 000 and 3 percent margin of error', '**1,000**', '**965**'],
    ['My population is 2024 students in the 2025 session. What sample size?', '**334**', '**324**'],
  ])('%s', (question, yamane, cochran) => {
    const text = sizeFor(question);
    expect(text).toContain(yamane);
    expect(text).toContain(cochran);
  });

  test('at 99 % confidence by Cochran alone, since the other formula has 95 % built in', () => {
    const text = sizeFor('sample size for 1200 students with 99% confidence');
    expect(text).toContain('**428**');
    expect(text).not.toContain('Yamane');
  });

  test('for an unknown population', () => {
    expect(sizeFor('What sample size if the population is unknown?')).toContain('**385**');
  });

  test('and few people are all asked', () => {
    expect(sizeFor('how many respondents from 60 nurses')).toContain('census');
  });

  test('again with another margin, population or confidence when only that is said', () => {
    const before = 'sample size for a population of 1,200';
    expect(sizeFor('and with 10 %?', before)).toContain('population of **1,200**, a margin of error of 10 %');
    expect(sizeFor('what about 3000?', before)).toContain('population of **3,000**');
    expect(sizeFor('at 90% confidence', before)).toContain('90 % confidence');
  });
});

test.each([
  'What sample size do I need?',
  'how many participants for 12 interviews',
  'how many users for a usability test with 5 tasks',
  'how many slides for 15 minutes',
  'how many references for 50 pages',
  'I finished in 2024',
  'sample of an abstract',
  'how many people like my topic',
])('nothing is worked out for: %s', (question) => {
  expect(sampleSizeFor(question, [])).toBeNull();
});

test('a follow-up without a figure is left to the handbook', () => {
  expect(sampleSizeFor('why?', ['sample size for 1200 students'])).toBeNull();
});
