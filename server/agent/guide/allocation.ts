import { figuresIn, splitWhole, written } from './figures.ts';
import type { Worked } from './tasks.ts';

const ASKS =
  /strat|proportion|allocat|share|divid|distribut|split|from each|per (?:department|faculty|level|class|group)/i;
const LABEL =
  /^(?:students?|people|persons?|staff|and|in|from|of|for|are|is|at|respondents|members|patients|with|the|to)$/;

/** A sample shared among groups in proportion to their sizes: needs at least two sizes, and the sample or 5 % by Yamane. */
export function allocationFor(question: string): Worked | null {
  if (!ASKS.test(question) || /\bwords\b|\bpages\b/i.test(question)) return null;
  const figures = figuresIn(question).filter(
    ({ value, unit }) => Number.isInteger(value) && value > 1 && unit !== '%',
  );
  const wanted = figures.find(
    ({ before, unit }) =>
      /sampl\w*\s*(?:size)?\s*(?:of|is|=|:)?\s*$/.test(before) ||
      /^(?:respondents|questionnaires|copies)$/.test(unit),
  );
  const groups = figures
    .filter((figure) => figure !== wanted && figure.value >= 10)
    // "three departments" and "5 levels" count groups; they are not sizes.
    .filter(
      ({ unit }) =>
        !/^(?:departments?|faculties|levels?|groups?|strata|classes|weeks?|chapters?)$/.test(unit),
    );
  const total = groups.reduce((sum, { value }) => sum + value, 0);
  if (groups.length < 2 || groups.length > 20) return null;
  const sample = wanted?.value ?? Math.ceil(total / (1 + total * 0.0025) - 1e-6);
  if (sample >= total) return null;
  const parts = splitWhole(
    sample,
    groups.map(({ value }) => value),
  );
  const rows = groups.map(
    ({ value, unit, before }, index) =>
      `| ${nameOf(unit, before, index)} | ${written(value)} | ${((value / total) * 100).toFixed(1)} % | **${parts[index]}** |`,
  );
  const from = wanted
    ? `a sample of **${written(sample)}**`
    : `a sample of **${written(sample)}** (Yamane, 5 % margin of error)`;
  return {
    text: [
      `Shared in proportion, \`n_h = n × N_h / N\`, ${from} from ${written(total)} becomes:`,
      '',
      '| group | size | share | sample |',
      '|---|---|---|---|',
      ...rows,
      `| together | ${written(total)} | 100 % | **${written(sample)}** |`,
    ].join('\n'),
    entry: 21,
    heading: 'Equal or proportional?',
  };
}

function nameOf(unit: string, before: string, index: number): string {
  const [, named = ''] = /(\p{L}[\p{L} -]*?)\s*(?:has|have|had|is|=|:|\()\s*$/u.exec(before) ?? [];
  const label = [unit, named.trim().split(/\s+/).at(-1) ?? ''].find(
    (word) => word !== '' && !LABEL.test(word),
  );
  return label ? label.charAt(0).toUpperCase() + label.slice(1) : `Group ${index + 1}`;
}
