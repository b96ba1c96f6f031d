import { figuresIn, splitWhole, written } from './figures.ts';
import type { Worked } from './tasks.ts';

const CHAPTERS = [
  { name: '1 Introduction', share: 12 },
  { name: '2 Literature review', share: 28 },
  { name: '3 Methodology', share: 18 },
  { name: '4 Results and discussion', share: 32 },
  { name: '5 Conclusion', share: 10 },
];
const SMALLEST = { words: 3_000, pages: 20 };

/** Words or pages of a whole report divided among its five chapters. */
export function wordBudgetFor(question: string): Worked | null {
  if (!/chapter|report|project|divid|split|share|distribut|each/i.test(question)) return null;
  const figure = figuresIn(question).find(({ unit }) => /^(?:words?|pages?)$/.test(unit));
  if (!figure) return null;
  const unit = figure.unit.startsWith('word') ? 'words' : 'pages';
  if (figure.value < SMALLEST[unit] || figure.value > 100_000) return null;
  const step = unit === 'words' ? 100 : 1;
  const parts = splitWhole(
    Math.round(figure.value / step),
    CHAPTERS.map(({ share }) => share),
  );
  return {
    text: [
      `${written(figure.value)} ${unit}, divided among five chapters as is usual (your department's guide comes first):`,
      '',
      `| chapter | share | ${unit} |`,
      '|---|---|---|',
      ...CHAPTERS.map(
        ({ name, share }, index) => `| ${name} | ${share} % | about ${written((parts[index] ?? 0) * step)} |`,
      ),
    ].join('\n'),
    entry: 49,
    heading: 'Order of writing',
  };
}
