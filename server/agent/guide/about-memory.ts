import type { Conversation } from './conversation.ts';
import { plainlySaid } from './remember.ts';

const ASKS =
  /\bwhat (?:do|did|have|can) you (?:(?:know|remember|remembered|learnt|learned|noted?)(?: (?:about|of))? (?:me|my|us)|remember)\b|\bdo you (?:remember|know) (?:me|my|who i am)\b|^(?:who am i|what(?:['’]s| is) my (?:name|topic|project|field|course|supervisor|deadline))\b/i;

/** The answer to what concerns memory itself; null for all else. */
export function aboutMemory(conversation: Conversation): string | null {
  const { facts, preferences, hasForgotten } = conversation;
  if (hasForgotten)
    return 'Done: what I remembered of that is forgotten. What is left stands in Settings, under “What Agent Jay remembers”.';
  const said = conversation.said.at(-1) ?? '';
  if (ASKS.test(said)) return listed([...facts, ...preferences]);
  const { memories } = plainlySaid({ ...conversation, known: [] });
  if (memories.length === 0 || said.includes('?') || said.length > LONGEST_REMARK) return null;
  const noted = memories.map(({ text }) => `- ${text}`).join('\n');
  return `Noted:\n\n${noted}\n\nWhat would you like to know?`;
}

/** Beyond this a message is more than a remark about oneself. UTF-16 units. */
const LONGEST_REMARK = 160;

function listed(remembered: readonly string[]): string {
  if (remembered.length === 0)
    return 'I remember nothing of you here. Tell me what your project is about, and I will.';
  const lines = remembered.map((one) => `- ${one}`).join('\n');
  return `This is what I remember of you:\n\n${lines}\n\nSay “forget …” or go to Settings to change it.`;
}
