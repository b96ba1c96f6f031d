import { MemoryContent } from '../../protocol/memory.ts';
import type { FeedbackValue } from '../../protocol/shapes.ts';

const SHORT = 'Prefers short answers';
const DETAILED = 'Prefers detailed answers';
const PLAIN = 'Prefers plain words and simple explanations';
const DEEP = 'Prefers explanations in depth, with the technical terms';
const FORMAL = 'Prefers a formal tone';
const RELAXED = 'Prefers a relaxed tone';

interface Rule {
  prefers: string;
  /** Reasons for a dislike, and for a like, that come to it. */
  dislike: RegExp;
  like: RegExp;
}

const never = /(?!)/;
const rules: readonly Rule[] = [
  {
    prefers: SHORT,
    dislike: /too (?:long|wordy|verbose|much text)|\b(?:shorter|wordy|verbose|rambl\w+|long-?winded)\b/i,
    like: /\b(?:short|concise|brief|to the point)\b/i,
  },
  {
    prefers: DETAILED,
    dislike:
      /too (?:short|brief|shallow|vague|general)|more details?|not (?:enough|detailed)|superficial|\blonger\b/i,
    like: /\b(?:detailed|thorough|in[- ]depth|complete)\b/i,
  },
  {
    prefers: PLAIN,
    dislike:
      /too (?:complicated|complex|difficult|technical|hard)|\b(?:simpler|jargon|confusing)\b|(?:hard|difficult) to (?:follow|understand)/i,
    like: /\b(?:simple|clear|easy to (?:follow|understand))\b/i,
  },
  { prefers: DEEP, dislike: /too (?:simple|basic|easy)|\bmore technical\b/i, like: never },
  { prefers: RELAXED, dislike: /too (?:formal|stiff|cold|dry)/i, like: never },
  { prefers: FORMAL, dislike: /too (?:informal|casual|friendly|chatty)/i, like: never },
  {
    prefers: 'Wants examples',
    dislike: /\b(?:no|more|an|needs?|without|missing) (?:\w+ )?examples?\b/i,
    like: /\bexamples?\b/i,
  },
  {
    prefers: 'Wants sources to be named',
    dislike: /\b(?:no|more|needs?|without|missing) (?:\w+ )?(?:sources?|references?|citations?)\b/i,
    like: /\b(?:sources?|references?|citations?)\b/i,
  },
];

const opposites = [
  [SHORT, DETAILED],
  [PLAIN, DEEP],
  [FORMAL, RELAXED],
] as const;

const QUOTED_AT_MOST = 180;

/** How somebody wants to be answered, from why they liked or disliked an answer; null where they gave no reason. */
export function preferenceFrom(value: FeedbackValue, reason: string): string | null {
  const words = reason.replace(/\s+/g, ' ').trim();
  if (words === '') return null;
  const rule = rules.find((one) => one[value].test(words));
  if (rule) return rule.prefers;
  const quoted = words.length > QUOTED_AT_MOST ? `${words.slice(0, QUOTED_AT_MOST)}…` : words;
  const verb = value === 'like' ? 'Liked' : 'Did not like';
  return MemoryContent.safeParse(`${verb}, about an answer: “${quoted}”`).data ?? null;
}

/** What a preference contradicts; null where nothing does. */
export function oppositeOf(preference: string): string | null {
  for (const [one, other] of opposites) {
    if (preference === one) return other;
    if (preference === other) return one;
  }
  return null;
}
