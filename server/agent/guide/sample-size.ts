/**
 * Sample sizes for a survey, worked out: Cochran (1977) for a proportion at 95 % confidence, and Yamane (1967) for a
 * known population.
 */
export function sampleSizeAnswer(question: string): string | null {
  if (!/sampl|respond|how many (people|students|participants|questionnaires)/i.test(question)) return null;
  const population = numberIn(question);
  if (population === null || population < 10 || population > 100_000_000) return null;
  const margin = marginIn(question);
  const yamane = Math.ceil(population / (1 + population * margin ** 2));
  const unlimited = (1.96 ** 2 * 0.25) / margin ** 2;
  const cochran = Math.ceil(unlimited / (1 + (unlimited - 1) / population));
  const percent = `${Math.round(margin * 1000) / 10} %`;
  return [
    `For a population of ${population.toLocaleString('en-GB')} and a margin of error of ${percent}:`,
    '',
    `- **Yamane**: \`n = N / (1 + N·e²) = ${population} / (1 + ${population} × ${margin}²)\` = **${yamane}**`,
    `- **Cochran**, 95 % confidence, p = 0.5, corrected for a finite population: **${cochran}**`,
    '',
    `Send out about ${Math.ceil(cochran * 1.25)}, so that a response rate of 80 % still leaves you enough.`,
  ].join('\n');
}

function numberIn(question: string): number | null {
  const numbers = [
    ...question.matchAll(/\b(\d{1,3}(?:[ ,]\d{3})+|\d+)\b(?!\s*(%|percent|weeks?|months?|days?))/gi),
  ]
    .map(([, digits = '']) => Number(digits.replace(/[ ,]/g, '')))
    .filter((value) => !(value >= 1900 && value <= 2100));
  return numbers.length > 0 ? Math.max(...numbers) : null;
}

function marginIn(question: string): number {
  const [, percent] = /(\d+(?:\.\d+)?)\s*(?:%|percent)/i.exec(question) ?? [];
  const value = percent === undefined ? 5 : Number(percent);
  // 95 % is the confidence, not the margin.
  return value > 0 && value <= 20 ? value / 100 : 0.05;
}
