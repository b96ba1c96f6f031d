/** Two memories are alike when they hold the same words, in whatever order, case and punctuation. */
export function isAlike(one: string, other: string): boolean {
  const [a, b] = [wordSet(one), wordSet(other)];
  const shared = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - shared;
  return all === 0 || shared / all >= 0.8;
}

/** Letters and digits of any script, in small letters. */
export const wordSet = (text: string): Set<string> =>
  new Set(text.toLocaleLowerCase('en').match(/[\p{L}\p{N}]+/gu) ?? []);
