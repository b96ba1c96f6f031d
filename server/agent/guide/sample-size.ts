import { figuresIn, written } from './figures.ts';
import type { Worked } from './tasks.ts';

interface Wish {
  /** null: unknown or without limit. */
  population: number | null;
  isUnlimited: boolean;
  /** As a part of one: 0.05 for five per cent. */
  margin: number | null;
  /** In per cent. */
  confidence: number | null;
}

const ASKS =
  /sampl\w*\s+size|size\s+of\s+(?:my |the |a )?sampl|yamane|slovin|cochran|krejcie|how (?:large|big)\b.*\bsampl|sample\b.*\b(?:need|calculat|comput|for|from|of)\b|how many\b.*\b(?:respond\w*|people|participants|questionnaires|students|subjects|patients|farmers|households|persons|copies|sampl\w*)\b/i;
const OTHER_SAMPLES =
  /interview|focus|replicat|specimen|usab|pilot|slides?|references|sources|qualitativ|pages|objectives|hypothes|image|each (?:class|faculty|department|level)|stratum|strata|group members/i;
const COUNTED =
  /^(?:students?|people|persons?|respondents|participants|patients|staff|workers|employees|nurses|teachers|farmers|traders|households|customers|users|members|residents|women|men|pupils|undergraduates|records|firms)$/;
/** z for a two-sided confidence level in per cent. */
const Z: Readonly<Record<number, number>> = { 90: 1.645, 95: 1.96, 99: 2.576 };
const USUAL = { margin: 0.05, confidence: 95 };

/**
 * A sample size worked out: Yamane (1967) for a known population, and Cochran (1977) for a proportion with p = 0.5, with
 * his correction for a finite population.
 * @param earlier what was asked before, oldest first, for "and with 10 %?"
 */
export function sampleSizeFor(question: string, earlier: readonly string[]): Worked | null {
  const wish = wishOf(question);
  const asks = ASKS.test(question) && !OTHER_SAMPLES.test(question);
  const previous = earlier.at(-1);
  const goesOn = !asks && isShort(question) && previous !== undefined && ASKS.test(previous);
  if (!asks && !goesOn) return null;
  const known = goesOn && !OTHER_SAMPLES.test(question) ? merged(wishOf(previous), wish) : wish;
  if (goesOn && JSON.stringify(wish) === JSON.stringify(wishOf(''))) return null;
  const { population } = known;
  const margin = known.margin ?? USUAL.margin;
  const confidence = known.confidence ?? USUAL.confidence;
  if (population === null && !known.isUnlimited) return null;
  if (population !== null && (population < 10 || population > 1e9)) return null;
  return {
    text: population === null ? unlimited(margin, confidence) : limited(population, margin, confidence),
    entry: 23,
    heading: 'When these formulas do not apply',
  };
}

function limited(population: number, margin: number, confidence: number): string {
  const z = Z[confidence] ?? 1.96;
  const start = (z ** 2 * 0.25) / margin ** 2;
  const cochran = start / (1 + (start - 1) / population);
  const yamane = population / (1 + population * margin ** 2);
  const lines = [
    `For a population of **${written(population)}**, a margin of error of ${percent(margin)} and ${confidence} % confidence:`,
    '',
  ];
  // Yamane's formula has the z of 95 %, rounded to 2, built in.
  if (confidence === 95) {
    lines.push(
      `- **Yamane (1967)**: \`n = N / (1 + N × e²) = ${population} / (1 + ${population} × ${plain(margin ** 2)}) = ${yamane.toFixed(1)}\`, so **${written(up(yamane))}**`,
    );
  }
  lines.push(
    `- **Cochran (1977)**, p = 0.5: \`n₀ = ${z}² × 0.25 / ${plain(margin)}² = ${start.toFixed(1)}\`, corrected for the finite population \`n₀ / (1 + (n₀ − 1) / N) = ${cochran.toFixed(1)}\`, so **${written(up(cochran))}**`,
    '',
  );
  const most = Math.max(up(cochran), confidence === 95 ? up(yamane) : 0);
  if (population < 100)
    lines.push('With so few people, ask all of them: that is a census, and needs no formula.');
  else lines.push(allowance(most, population));
  return lines.join('\n');
}

function unlimited(margin: number, confidence: number): string {
  const z = Z[confidence] ?? 1.96;
  const n = (z ** 2 * 0.25) / margin ** 2;
  return [
    `For a very large or unknown population, a margin of error of ${percent(margin)} and ${confidence} % confidence:`,
    '',
    `- **Cochran (1977)**, p = 0.5: \`n₀ = z² p (1 − p) / e² = ${z}² × 0.25 / ${plain(margin)}² = ${n.toFixed(1)}\`, so **${written(up(n))}**`,
    '',
    `${allowance(up(n), Number.POSITIVE_INFINITY)} Once you know the population, tell me: the number becomes smaller.`,
  ].join('\n');
}

function allowance(needed: number, population: number): string {
  const out = Math.min(up(needed / 0.8), population);
  return `Name the formula in your report and use one of them. If four in five answer, hand out about **${written(out)}**.`;
}

function wishOf(text: string): Wish {
  const wish: Wish = { population: null, isUnlimited: false, margin: null, confidence: null };
  const candidates: { value: number; weight: number }[] = [];
  for (const { value, unit, before } of figuresIn(text)) {
    if (unit === '%') {
      if (value in Z) wish.confidence = value;
      else if (value > 0 && value <= 20) wish.margin = value / 100;
    } else if (value > 0 && value <= 0.2 && !Number.isInteger(value)) wish.margin = value;
    else if (
      /^(?:weeks?|months?|days?|years?|minutes?|chapters?|levels?)$/.test(unit) ||
      !Number.isInteger(value)
    )
      continue;
    else if (/confidence\W*(?:level)?\W*(?:of|is|at|=)?\s*$/.test(before) && value in Z)
      wish.confidence = value;
    else {
      const isNamed =
        /(?:population|\bn)\s*(?:size)?\s*(?:of|is|=|:|was)?\s*(?:about|around|roughly)?\s*$/.test(before);
      const isYear = value >= 1950 && value <= 2050 && !COUNTED.test(unit);
      candidates.push({ value, weight: isNamed ? 3 : COUNTED.test(unit) ? 2 : isYear ? 0 : 1 });
    }
  }
  const [best] = candidates.sort((a, b) => b.weight - a.weight || b.value - a.value);
  if (best && best.weight > 0) wish.population = best.value;
  wish.isUnlimited =
    wish.population === null &&
    /(?:unknown|infinite|unlimited|very large|don'?t know|do not know|not known).{0,30}population|population.{0,25}(?:unknown|infinite|unlimited|very large|not known)/i.test(
      text,
    );
  return wish;
}

function merged(before: Wish, now: Wish): Wish {
  return {
    population: now.population ?? (now.isUnlimited ? null : before.population),
    isUnlimited: now.isUnlimited || (now.population === null && before.isUnlimited),
    margin: now.margin ?? before.margin,
    confidence: now.confidence ?? before.confidence,
  };
}

const isShort = (text: string) => text.split(/\s+/).length <= 12;
/** Upwards to a whole person; what is over only by rounding in the machine is not. */
const up = (value: number) => Math.ceil(value - 1e-6);
const plain = (value: number) => String(Number(value.toPrecision(6)));
const percent = (part: number) => `${plain(part * 100)} %`;
