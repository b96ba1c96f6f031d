import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { starters } from '../../../protocol/starters.ts';
import { readHandbook } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { Retriever } from './retrieve.ts';

const handbook = readHandbook(handbookDir);
const retriever = new Retriever(handbook);
const linesOf = (name: string) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean);
/** What students type, with the number of the entry that should answer before it. */
const asked = linesOf('asked-questions.txt').map((line) => ({
  entry: Number(line.slice(0, 2)),
  question: line.slice(3),
}));
const numbersFor = (question: string, earlier: string[] = []) =>
  retriever.find(question, earlier).matches.map(({ entry }) => entry.number);

describe('a student asks', () => {
  test(`${asked.length} questions, with slips and slang, and the right entry comes first for at least 95 %, among three for 98 %`, () => {
    const wrong = asked.filter(({ entry, question }) => numbersFor(question)[0] !== entry);
    const missed = asked.filter(({ entry, question }) => !numbersFor(question).slice(0, 3).includes(entry));
    expect(asked.length).toBeGreaterThanOrEqual(60);
    expect(wrong.length / asked.length, JSON.stringify(wrong)).toBeLessThanOrEqual(0.05);
    expect(missed.length / asked.length, JSON.stringify(missed)).toBeLessThanOrEqual(0.02);
  });

  test('and is not told "I don\'t know" where the handbook does know', () => {
    const unknown = asked.filter(({ question }) => !retriever.find(question).isKnown);
    expect(unknown.length / asked.length, JSON.stringify(unknown)).toBeLessThanOrEqual(0.02);
  });

  test('every question that the guide suggests, and it is answered by that entry or one related to it', () => {
    for (const { number, questions, related } of handbook) {
      for (const question of questions) {
        const { isKnown, matches } = retriever.find(question);
        expect(isKnown, question).toBe(true);
        const top = matches.slice(0, 3).map(({ entry }) => entry.number);
        expect(
          [number, ...related].some((one) => top.includes(one)),
          `${number}: ${question}`,
        ).toBe(true);
      }
    }
  });

  test('every starter, and it is known', () => {
    for (const starter of Object.values(starters).flat()) {
      expect(retriever.find(starter).isKnown, starter).toBe(true);
    }
  });

  test('about something else, and at most 3 % are taken for questions about a project', () => {
    const offTopic = linesOf('off-topic-questions.txt');
    const known = offTopic.filter((question) => retriever.find(question).isKnown);
    expect(offTopic.length).toBeGreaterThanOrEqual(15);
    expect(known.length / offTopic.length, JSON.stringify(known)).toBeLessThanOrEqual(0.03);
  });

  test('nothing at all, and nothing is found', () => {
    for (const nothing of ['', '   ', '???', '👍', 'the of and']) {
      expect(retriever.find(nothing)).toMatchObject({ isKnown: false, matches: [] });
    }
  });
});

test('words that JavaScript gives a meaning to are words like others', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(() => retriever.find(`what is a ${word} in my app`)).not.toThrow();
  }
});

describe('a follow-up', () => {
  test.each([
    ['What is stratified sampling?', 'how many would I need then?', 23],
    ['How do I write a problem statement?', 'can you give me an example?', 5],
    ['what is thematic analysis', 'how long does it take?', 38],
    ['how do I write an abstract', 'and how long should it be?', 50],
    ['What are functional requirements?', 'and non-functional ones?', 39],
    ['How do I choose a topic?', 'what if it is too broad?', 2],
    ['should I use interviews', 'how many of them?', 25],
    ['what goes into a consent form', 'do I need that for a simple survey?', 28],
  ])('to "%s": "%s" leans on what was asked before', (before, question, entry) => {
    const found = retriever.find(question, [before]);
    expect(found).toMatchObject({ isKnown: true, isFollowUp: true });
    expect(found.matches[0]?.entry.number).toBe(entry);
  });

  test('to a follow-up still knows what it is about', () => {
    const earlier = ['what is thematic analysis', 'how long does it take?'];
    expect(numbersFor('and an example?', earlier)[0]).toBe(38);
  });

  test('that changes the subject is answered on its own', () => {
    expect(numbersFor('how do I cite a website in APA', ['What is stratified sampling?'])[0]).toBe(56);
  });
});
