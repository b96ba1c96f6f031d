import type { Section } from './handbook.ts';
import { stemsOf } from './words.ts';

export const wordCount = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

/**
 * A section cut down to about so many words, between its paragraphs, lists and tables, never within a list or table.
 * The first block always stays; a paragraph that is too long keeps the sentences that speak of the terms.
 */
export function condense({ text }: Section, terms: ReadonlyMap<string, number>, words: number): string {
  const kept: string[] = [];
  let left = words;
  for (const block of blocksOf(text)) {
    const size = wordCount(block);
    if (size <= left || (kept.length === 0 && !isProse(block))) {
      kept.push(block);
      left -= size;
    } else if (kept.length === 0) {
      kept.push(sentencesAbout(block, terms, 3));
      left = 0;
    } else break;
  }
  // "For example:" without what follows it.
  while (kept.length > 1 && /:$/.test(kept.at(-1) ?? '')) kept.pop();
  return kept.join('\n\n');
}

/** The sentences of a text that say most about the terms, in their own order. */
export function sentencesAbout(text: string, terms: ReadonlyMap<string, number>, most: number): string {
  const sentences = sentencesOf(text);
  const scored = sentences.map((sentence, index) => {
    const score = stemsOf(sentence).reduce((sum, stem) => sum + (terms.get(stem) ?? 0), 0);
    return { sentence, index, score };
  });
  return scored
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most)
    .sort((a, b) => a.index - b.index)
    .map(({ sentence }) => sentence)
    .join(' ');
}

const sentencesOf = (text: string) => text.replace(/\s+/g, ' ').split(/(?<=[.!?][")]?)\s+(?=["“*(]?\p{Lu})/u);

const blocksOf = (text: string) => text.split(/\n{2,}/).filter((block) => block.trim() !== '');

const isProse = (block: string) => !/^\s*(?:[-*>|]|\d+\.)/m.test(block);
