import { wordSet } from './likeness.ts';

/** What somebody wants forgotten: all of it, what was just said, or what is about something. */
export type WishToForget = { kind: 'all' } | { kind: 'that' } | { kind: 'about'; words: ReadonlySet<string> };

const WISH =
  /^(?:@?(?:agent\s+)?jay[\s,:]+)?(?:(?:ok(?:ay)?|please|pls|no|and|now|hey)[\s,]+)*(?:(?:can|could|will|would) you\s+)?(?:please\s+)?(?:forget|do(?: no|n['’]?)t remember)\b(?!\s+(?:to|how|why|when|where)\b)\s*(?<what>[^\n]{0,200})/i;
const ALL = /^(?:all|everything|it all)\b(?!\s+(?:i|we)\s+(?:just\s+)?said\b)/i;
const THAT =
  /^(?:(?:about\s+)?(?:that|this|it|them|those)|(?:what|everything|all)\s+i\s+(?:just\s+)?said|the last (?:thing|one|message)|my last (?:message|words))?(?:\s+(?:i\s+(?:just\s+)?said|please|again|for now))*[\s.!?]*$/i;
/** Words that say nothing of what is meant. */
const EMPTY = wordSet(
  'a about an and are as at be called do for from i in is it me my of on or our please remember said study that the this to was we what who with you your',
);

/** The wish in a message; null for any other. Only a message that begins with it counts: "I always forget …" does not. */
export function wishToForget(text: string): WishToForget | null {
  const what = WISH.exec(text.trim())?.groups?.what?.trim();
  if (what === undefined) return null;
  if (ALL.test(what)) return { kind: 'all' };
  if (THAT.test(what)) return { kind: 'that' };
  const words = new Set([...wordSet(what)].filter((word) => !EMPTY.has(word)));
  return words.size > 0 ? { kind: 'about', words } : { kind: 'that' };
}

/** Whether a memory is about what the wish names: it holds at least half of its words. */
export function isAbout(memory: string, words: ReadonlySet<string>): boolean {
  const held = wordSet(memory);
  // "Forget my name" means what he is to call me.
  if (words.has('name') && held.has('called')) return true;
  const met = [...words].filter((word) => held.has(word)).length;
  return met > 0 && met >= words.size / 2;
}
