import { describe, expect, it } from 'vitest';
import { nothingSaid } from './conversation.ts';
import { plainlySaid } from './remember.ts';

const noted = (text: string) =>
  plainlySaid({ ...nothingSaid, said: [text] }).memories.map((memory) => memory.text);

describe('the guide notes what is said plainly', () => {
  it.each([
    [
      'My project is about maize yields in Kano. How large should my sample be?',
      ['Project: maize yields in Kano'],
    ],
    [
      'my topic is solar drying of tomatoes and how do I narrow it down?',
      ['Project: solar drying of tomatoes'],
    ],
    ['I study agronomy.', ['Studies agronomy']],
    [
      "Hi, I'm studying computer science and my supervisor is Dr Bello",
      ['Studies computer science', 'Supervisor: Dr Bello'],
    ],
    ['Please call me Ada', ['Wants to be called Ada']],
    ['My name is Chidi Okafor, and I need help', ['Wants to be called Chidi Okafor']],
    ['My deadline is 31 May 2027', ['Deadline: 31 May 2027']],
    ['I prefer short answers', ['Prefers short answers']],
    ['Keep answers brief please', ['Prefers brief answers']],
  ])('%j', (text, expected) => expect(noted(text)).toEqual(expected));

  it.each([
    'Is my topic too broad?',
    'My topic is too broad',
    'my project is late',
    'call me later',
    'I study at night',
    'My supervisor is rude',
    'my deadline is in 3 weeks',
    'If my topic is maize, how do I start?',
    'My project is on hold',
    'How do I write a problem statement?',
    'Should I say my project is about maize?',
  ])('but nothing of %j', (text) => expect(noted(text)).toEqual([]));

  it('and puts right what it noted before', () => {
    const known = [
      { number: 0, content: 'Studies agronomy' },
      { number: 1, content: 'Project: maize' },
    ];
    expect(plainlySaid({ ...nothingSaid, known, said: ['My project is about rice'] }).memories).toEqual([
      { kind: 'fact', text: 'Project: rice', replaces: 1 },
    ]);
  });
});
