import { MARKS } from '../store/search-sql.ts';

type Range = [number, number];

/** As people type it: without capitals and accents. */
const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

/** Letters and digits of any script, with marks that stand on them; everything else separates. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** What is searched for, as PostgreSQL and the ranges below take it. */
export function wordsOf(query: string): string[] {
  return [...new Set(plain(query).match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/**
 * Where words stand that begin with one of the searched ones, and where the database found another form of one, as
 * [start, end) in UTF-16 units of the content, in order and without overlap.
 */
export function rangesOf(content: string, words: readonly string[], marked = content): Range[] {
  const ranges = [...beginnings(content, words), ...formsOf(content, marked)];
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const apart: Range[] = [];
  for (const range of ranges) if (range[0] >= (apart.at(-1)?.[1] ?? 0)) apart.push(range);
  return apart;
}

function beginnings(content: string, words: readonly string[]): Range[] {
  const ranges: Range[] = [];
  for (const match of content.matchAll(WORD)) {
    const hit = words.find((searched) => plain(match[0]).startsWith(searched));
    if (hit) ranges.push([match.index, match.index + lengthOfBeginning(match[0], hit)]);
  }
  return ranges;
}

/** How much of the word as written is the searched beginning: “É” may be two units and is one letter. */
function lengthOfBeginning(written: string, searched: string): number {
  for (let length = 1; length <= written.length; length += 1)
    if (plain(written.slice(0, length)).length >= searched.length && !/^\p{M}/u.test(written.slice(length)))
      return length;
  return written.length;
}

function formsOf(content: string, marked: string): Range[] {
  const [start, stop] = MARKS;
  const ranges: Range[] = [];
  let [at, from] = [0, 0];
  for (const character of marked) {
    if (character === start) from = at;
    else if (character === stop) ranges.push([from, at]);
    else at += character.length;
  }
  // A text that holds such marks itself would shift everything.
  return at === content.length ? ranges : [];
}
