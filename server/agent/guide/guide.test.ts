import { streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { nothingSaid } from './conversation.ts';
import { readHandbook, textOf } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { createGuideModel } from './model.ts';
import { Retriever } from './retrieve.ts';
import { sampleSizeFor } from './sample-size.ts';

const entries = readHandbook(handbookDir);
const retriever = new Retriever(entries);
const answerTo = (...said: string[]) => compose(retriever, { ...nothingSaid, said }, new Date(2026, 0, 10));
const entryFor = (...said: string[]) => answerTo(...said).entry?.title ?? null;

describe('the handbook', () => {
  it('has at least forty substantial entries, each with follow-up questions and living references', () => {
    expect(entries.length).toBeGreaterThanOrEqual(40);
    const numbers = new Set(entries.map((entry) => entry.number));
    expect(numbers.size).toBe(entries.length);
    for (const entry of entries) {
      const words = textOf(entry).split(/\s+/).length;
      expect([entry.title, words]).toEqual([entry.title, Math.max(words, 180)]);
      expect(entry.related.filter((number) => !numbers.has(number))).toEqual([]);
    }
  });
});

describe('the built-in guide', () => {
  it.each([
    ['how do i pick a topic', /topic/i],
    ['my topic is too broad', /narrow|topic/i],
    ['how do I write a problem statement?', /problem/i],
    ['difference between aim and objectives', /aims?/i],
    ['what is a research gap', /gap/i],
    ['my supervisor does not reply to my mails', /supervisor/i],
    ['what is cronbach alpha', /reliab/i],
    ['wich statistical test shud i use', /statistical test/i],
    ['how to cite in APA', /citation/i],
    ['i am scared of my defense', /defence/i],
    ['how do i write an abstract', /abstract/i],
    ['can I use chatgpt', /AI/],
    ['how many slides', /slides/i],
    ['overfitting in my model', /model|machine/i],
    ['how do i test my app', /test/i],
    ['gantt chart', /time/i],
    ['plagiarism percent', /plagiarism/i],
    ['what is an ER diagram', /diagram|design/i],
  ])('finds the entry for "%s"', (question, title) => {
    expect(entryFor(question)).toMatch(title);
  });

  it.each([
    'who won the world cup',
    'what is the capital of France',
    'bake a cake',
    'tell me a joke',
    'xyzzy plugh',
  ])('says that it does not know "%s"', (question) => {
    const { text, entry } = answerTo(question);
    expect([entry, text]).toEqual([null, expect.stringMatching(/^I don't know/)]);
  });

  it('leans on the question before in a short follow-up', () => {
    expect(entryFor('How do I write my slides for the defence?', 'and how many?')).toMatch(/slides|defence/i);
  });

  it('says what it is', () => {
    expect(answerTo('What are you?').text).toContain('built-in guide');
  });

  it('works a sample size out and shows how', () => {
    expect(sampleSizeFor('How large should my sample be for 1,200 students?', [])?.text).toMatch(
      /\*\*300\*\*[\s\S]*\*\*292\*\*/,
    );
    expect(sampleSizeFor('sample for 300 students at 10 % margin', [])?.text).toContain('**75**');
    expect(sampleSizeFor('What is sampling?', [])).toBeNull();
  });

  it('streams through the AI SDK, word by word, with its sources', async () => {
    const result = streamText({
      model: createGuideModel({ handbookDir, pace: 0 }),
      prompt: 'How do I write an abstract?',
    });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(50);
    expect(pieces.join('')).toMatch(/Sources: Handbook \d+, /);
    expect((await result.usage).outputTokens).toBeGreaterThan(50);
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const model = createGuideModel({ handbookDir, pace: 5 });
    const result = streamText({
      model,
      prompt: 'How do I write an abstract?',
      abortSignal: stop.signal,
      onError: () => {},
    });
    let text = '';
    for await (const piece of result.textStream) {
      text += piece;
      if (text.length > 30) stop.abort();
    }
    expect(text.length).toBeLessThan(80);
  });
});
