import { type Figure, judge, type Row } from './row.ts';

/** The rows as a Markdown table: also what bench/README.md holds. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    '| | what | ours | beside it | target | |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const verdicts = judge(row);
      const targets = verdicts.map(({ target, ratio }) => {
        const sign = { 'at least': '≥', 'at most': '≤', exactly: '=' }[target.is];
        return target.against === null
          ? `${sign} ${amount(target.factor)}`
          : `${sign} ${amount(target.factor)}× ${target.against}: **${amount(ratio)}×**`;
      });
      const met = verdicts.length === 0 ? '' : verdicts.every(({ isMet }) => isMet) ? 'met' : '**not met**';
      const peers = row.peers.map(({ name, figure }) => `${name} ${withSpread(figure)}`);
      return `| ${row.metric} | ${row.name} (${row.unit}) | ${withSpread(row.ours)} | ${peers.join('; ')} | ${targets.join('; ')} | ${met} |`;
    }),
  ];
  const notes = rows.flatMap(({ metric, name, notes: told = [] }) =>
    told.map((note) => `- ${metric}, ${name}: ${note}`),
  );
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function withSpread({ value, low, high, rounds }: Figure): string {
  return rounds > 1 ? `${amount(value)} (${amount(low)}–${amount(high)})` : amount(value);
}

function amount(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
