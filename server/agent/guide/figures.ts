const NUMBER_WORDS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  twenty: 20,
};

export interface Figure {
  value: number;
  /** Where it begins and ends in the text. */
  start: number;
  end: number;
  /** The word right after it, lower case; '%' for a percentage. */
  unit: string;
  /** The text before it, lower case, at most 30 characters. */
  before: string;
}

/** Every number of a text: "1,200", "1 200", "2.5k", "3 thousand", "5 %". */
export function figuresIn(text: string): Figure[] {
  const pattern =
    /(?<![\w.])(\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+(?:\.\d+)?)(?:\s?(k|thousand|million|m)\b)?\s*(%|per ?cent\b|\p{L}+)?/giu;
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, digits = '', scale = '', unit = ''] = match;
    const factor = /^(?:k|thousand)$/i.test(scale) ? 1_000 : /^m/i.test(scale) ? 1_000_000 : 1;
    return {
      value: Number(digits.replace(/[ ,]/g, '')) * factor,
      start: match.index,
      end: match.index + whole.length,
      unit: /^(?:%|per ?cent)$/i.test(unit) ? '%' : unit.toLowerCase(),
      before: text.slice(Math.max(0, match.index - 30), match.index).toLowerCase(),
    };
  });
}

/** A length of time in days, the first that a text names: "8 weeks", "two months", "a month", "10 days". */
export function daysIn(text: string): number | null {
  const words = Object.keys(NUMBER_WORDS).join('|');
  const pattern = new RegExp(
    String.raw`\b(\d+(?:\.\d+)?|${words})(?:\s+and\s+a\s+half)?[\s-]+(?:more\s+)?(day|week|month)s?\b`,
    'i',
  );
  const [, amount = '', unit = ''] = pattern.exec(text) ?? [];
  const count = NUMBER_WORDS[amount.toLowerCase()] ?? Number(amount);
  if (!unit || !(count > 0)) return null;
  const daysEach = { day: 1, week: 7, month: 30 }[unit.toLowerCase()] ?? 7;
  return Math.round(count * daysEach);
}

export const written = (value: number) => value.toLocaleString('en-GB');

/** Splits a whole number by shares so that the parts add up to it (largest remainders). */
export function splitWhole(total: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((one, other) => one + other, 0);
  const exact = shares.map((share) => (total * share) / sum);
  const parts = exact.map(Math.floor);
  let left = total - parts.reduce((one, other) => one + other, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((one, other) => other.remainder - one.remainder);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
