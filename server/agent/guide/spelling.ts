/** Corrects a word that a vocabulary does not hold to the likeliest one that it does. */
export class Spelling {
  readonly #isKnown: (word: string) => boolean;
  readonly #targets: ReadonlySet<string>;

  /**
   * @param isKnown whether a word is right as it is
   * @param targets words that a mistyped one may be corrected to, the likeliest first
   */
  constructor(isKnown: (word: string) => boolean, targets: Iterable<string>) {
    this.#targets = new Set(targets);
    this.#isKnown = isKnown;
  }

  /** @returns null when the word is known, or like none that is */
  correct(word: string): string | null {
    if (this.#targets.has(word) || this.#isKnown(word) || word.length < 5 || /\d/.test(word)) return null;
    const reach = word.length >= 10 ? 2 : 1;
    let best: string | null = null;
    let least = reach + 1;
    for (const target of this.#targets) {
      if (target.length < 4 || target[0] !== word[0]) continue;
      // Of short words, one with another letter is more often another word (bread, broad) than a slip.
      if (word.length < 7 && target.length === word.length && !isSwap(word, target)) continue;
      const distance = distanceWithin(word, target, reach);
      if (distance < least) [best, least] = [target, distance];
    }
    return best;
  }
}

const isSwap = (a: string, b: string) => [...a].sort().join('') === [...b].sort().join('');

/**
 * Letters to insert, delete, replace or swap with their neighbour (Damerau, 1964; each place is touched once).
 * @returns `reach + 1` when it is more than `reach`
 */
export function distanceWithin(a: string, b: string, reach: number): number {
  if (Math.abs(a.length - b.length) > reach) return reach + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    if (Math.min(...row) > reach) return reach + 1;
    [beforeLast, last] = [last, row];
  }
  return Math.min(last[b.length] ?? 0, reach + 1);
}
