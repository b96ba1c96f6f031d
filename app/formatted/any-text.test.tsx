import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { createRandom } from '../../tests/faults/random.ts';
import { MarkdownRenderer } from '../conversation/markdown-renderer.tsx';
import { PersonMarkdown } from './person-markdown.tsx';

const LENGTH = limits.messageLength;
const fill = (part: string) => part.repeat(Math.floor(LENGTH / part.length));
const nested = (before: string, within: string, after: string) => {
  const times = Math.floor((LENGTH - within.length) / (before.length + after.length));
  return before.repeat(times) + within + after.repeat(times);
};
const steps = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const texts: Record<string, string> = {
  quotes: '> '.repeat(2_000),
  'quotes without spaces': fill('>'),
  'ordered lists': '1. '.repeat(5_000),
  lists: fill('- '),
  'lists with tabs': fill('*\t'),
  'a list that grows inwards': steps(170, (index) => `${' '.repeat(index)}- x`),
  'quotes that grow inwards': steps(170, (index) => `${'>'.repeat(index)} x`),
  'brackets that open': fill('['),
  'brackets in brackets': nested('[', 'x', ']'),
  'links in links': fill('[a]('),
  'links around links': nested('[', 'x', '](a)'),
  'pictures that open': fill('!['),
  asterisks: fill('*'),
  'asterisks that open': fill('*a '),
  'asterisks that open twice': fill('**a '),
  'emphasis in emphasis': nested('*a ', 'x', ' b*'),
  'emphasis of two kinds': fill('*a_'),
  underscores: fill('_'),
  'underscores in words': fill('_a'),
  tildes: fill('~a~~'),
  backticks: fill('`'),
  'backticks of many lengths': steps(170, (index) => `a ${'`'.repeat(index + 1)}`),
  dollars: fill('$'),
  formulas: fill('$$a'),
  'formulas in brackets': fill('\\('),
  'formulas on their own': fill('\\[\n'),
  'groups in a formula': `$$${nested('{', 'x', '}').slice(4)}$$`,
  'fractions in fractions': `$$${'\\frac{'.repeat(1_000)}x${'}{y}'.repeat(1_000)}$$`,
  'roots of roots': `$$${'\\sqrt'.repeat(3_000)}$$`,
  'less than': fill('<'),
  'elements in elements': fill('<b>'),
  'elements of their own': fill('<i a>\n\n'),
  comments: fill('<!--'),
  instructions: fill('<?'),
  pipes: fill('|'),
  'a table of 4,000 columns': `${'|a'.repeat(4_000)}|\n${'|-'.repeat(3_900)}|`,
  'rows without cells': `${'|a'.repeat(1_000)}|\n${'|-'.repeat(1_000)}|\n${'|\n'.repeat(4_000)}`,
  backslashes: fill('\\'),
  parentheses: fill('('),
  'an address with parentheses': `https://example.org/${'('.repeat(15_000)}`,
  'an address with ends': `https://example.org/${')'.repeat(15_000)}`,
  addresses: fill('www.a.b '),
  'addresses without spaces': fill('http://a'),
  'letters to': fill('a@b.'),
  mentions: fill('*@a* '),
  footnotes: fill('[^a]'),
  definitions: fill('[a]: b\n'),
  headings: fill('# '),
  lines: fill('\n'),
  spaces: `*${' '.repeat(15_000)}a`,
  'marks upon a letter': `_a${'\u0301'.repeat(15_000)}`,
  'marks of direction': fill('_\u202e\u2067'),
  emoji: `*${'😀'.repeat(7_990)}`,
  'one word': `_${'W'.repeat(15_990)}`,
  'a fence that does not hide what follows': `<div>\n\`\`\`\n</div>\n\n${'> '.repeat(5_000)}`,
  'a fence of no language': '```constructor\nx\n```',
};

/** What it came to. */
function shown(Shown: typeof PersonMarkdown | typeof MarkdownRenderer, text: string) {
  const place = document.createElement('div');
  const root = createRoot(place);
  try {
    flushSync(() => root.render(<Shown text={text} isWriting={false} />));
    let deepest = 0;
    let elements = 0;
    const open = [{ element: place as Element, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      elements += 1;
      deepest = Math.max(deepest, next.depth);
      for (const element of next.element.children) open.push({ element, depth: next.depth + 1 });
    }
    return { elements, deepest, said: place.textContent ?? '' };
  } finally {
    flushSync(() => root.unmount());
  }
}

function isBounded(Shown: typeof PersonMarkdown | typeof MarkdownRenderer, text: string): void {
  const { elements, deepest } = shown(Shown, text);
  expect(deepest).toBeLessThan(400);
  expect(elements).toBeLessThan(text.length * 2 + 4_000);
}

describe('nothing in a message keeps a conversation from being shown (invariant 11)', () => {
  it.each(Object.entries(texts))(
    '%s',
    (_what, text) => {
      isBounded(PersonMarkdown, text);
      isBounded(MarkdownRenderer, text);
    },
    30_000,
  );

  it('what nests deeper than anybody writes is shown as it was typed, whole', () => {
    const { quotes = '' } = texts;
    for (const Shown of [PersonMarkdown, MarkdownRenderer]) expect(shown(Shown, quotes).said).toBe(quotes);
  });

  it('any text of the marks of Markdown', () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.info(`SEED=${seed}`);
    const random = createRandom(seed);
    const marks = '*_~`$|[](){}<>!#-+=\\/:@.&;^"\'\n\n\t  ab1é'.split('');
    const words = [
      '> ',
      '- ',
      '1. ',
      '```',
      '$$',
      '\\(',
      '\\frac',
      '<b>',
      '</b>',
      '![',
      '](',
      'http://a',
      '[^1]',
      '|-|',
    ];
    for (let times = 0; times < 60; times += 1) {
      const some = [...marks, ...words].filter(() => random.chance(0.3));
      const text = Array.from({ length: 300 }, () => some[random.between(0, some.length - 1)] ?? '').join('');
      isBounded(PersonMarkdown, text);
      isBounded(MarkdownRenderer, text);
    }
  }, 60_000);
});
