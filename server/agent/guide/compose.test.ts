import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compose } from './compose.ts';
import { type Conversation, nothingSaid } from './conversation.ts';
import { readHandbook, textOf } from './handbook.ts';
import { handbookDir } from './handbook-dir.ts';
import { wordCount } from './passages.ts';
import { Retriever } from './retrieve.ts';

const handbook = readHandbook(handbookDir);
const retriever = new Retriever(handbook);
const today = new Date(2026, 0, 10);

function answerTo(
  question: string,
  { earlier = [] as string[], length = 'balanced' as Conversation['length'] } = {},
) {
  return compose(retriever, { ...nothingSaid, said: [...earlier, question], length }, today).text;
}

describe('an answer', () => {
  test('names its sources in its last line', () => {
    expect(answerTo('What is stratified sampling?')).toMatch(
      /\n\nSources: Handbook 21, Stratified sampling( · .+)?$/,
    );
  });

  test('is made of parts of an entry, not the whole of it', () => {
    for (const entry of handbook) {
      const whole = wordCount(textOf(entry));
      const text = answerTo(`How do I go about this: ${entry.title}?`);
      expect(text, entry.title).toContain('Sources: Handbook');
      expect(
        wordCount(text.replace(/^\*See also.*$/gm, '').replace(/^Sources:.*$/m, '')),
        entry.title,
      ).toBeLessThan(whole);
    }
  });

  test('has at most two passages from elsewhere', () => {
    for (const { questions } of handbook) {
      for (const question of questions) {
        expect(answerTo(question).match(/^\*See also/gm)?.length ?? 0).toBeLessThanOrEqual(2);
      }
    }
  });

  test('goes to the section that the question is about', () => {
    expect(answerTo('How do I calculate the SUS score?')).toMatch(
      /^Here is how to go about it\.\n\n\*\*The SUS score\*\*/,
    );
    expect(answerTo('How many slides for a 15 minute presentation?')).toMatch(/^Count on one slide a minute/);
    expect(answerTo('give me an example of a problem statement')).toMatch(/^Here is an example\./);
  });

  test('to a worry begins with the person', () => {
    expect(answerTo('My supervisor does not answer')).toMatch(/^That happens to many/);
  });

  test('is shorter or longer where that is wished', () => {
    const [short = 0, balanced = 0, detailed = 0] = (['short', 'balanced', 'detailed'] as const).map(
      (length) => wordCount(answerTo('How do I write the literature review?', { length })),
    );
    expect(short).toBeLessThan(balanced);
    expect(balanced).toBeLessThan(detailed);
  });

  test('to a follow-up uses the question before', () => {
    expect(answerTo('how many would I need then?', { earlier: ['What is stratified sampling?'] })).toContain(
      'Sources: Handbook 23, Sample size',
    );
  });

  test('with figures works them out, and names the entry that explains it', () => {
    const text = answerTo('How large should my sample be for 300 students?');
    expect(text).toContain('**172**');
    expect(text).toContain('Sources: Handbook 23, Sample size');
  });
});

describe('where the handbook does not know', () => {
  test('it says so plainly and makes nothing up', () => {
    const questions = readFileSync(new URL('off-topic-questions.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n');
    const answers = questions.slice(0, 40).map((question) => answerTo(question));
    for (const answer of answers) {
      expect(answer).toMatch(/^I don't know\./);
      expect(answer).not.toContain('Sources:');
    }
  });

  test('it offers what is nearest', () => {
    const text = answerTo('questionnaire plus interview, blockchain, cassava and marketing?');
    expect(text).toMatch(/^I don't know\.[\s\S]*nearest[\s\S]*Interviews and focus groups/);
  });
});

describe('small talk', () => {
  test.each(['Hi', 'hello Jay!', 'Good morning', 'hey, how are you?'])('%s is greeted', (said) =>
    expect(answerTo(said)).toMatch(/^Hello!/),
  );

  test.each(['thanks', 'Thank you so much, Jay!', 'ok thanks'])('%s is welcome', (said) =>
    expect(answerTo(said)).toMatch(/^You are welcome/),
  );

  test.each(['Who are you?', 'are you chatgpt', 'which AI model are you?', 'How do you work?'])(
    '%s is told what answers here',
    (said) => {
      const text = answerTo(said);
      expect(text).toMatch(/^I am the built-in guide/);
      expect(text).toContain('no AI key is set');
    },
  );

  test('a greeting before a question is not all there is to answer', () => {
    expect(answerTo('Hi Jay, how do I write an abstract?')).toContain(
      'Sources: Handbook 50, Writing the abstract',
    );
    expect(answerTo('thanks! and how do I cite a website in APA?')).toContain('Handbook 56');
  });

  test('somebody in distress is sent to people, before anything else', () => {
    for (const said of ['I want to kill myself', 'Hi. I failed my defence and I want to die']) {
      expect(answerTo(said)).toContain('112');
      expect(answerTo(said)).toContain('tell someone right now');
    }
  });
});
