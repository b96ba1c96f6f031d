import { z } from 'zod';
import { isDataLine, labels, readDataLine, readDataList } from '../prompt-data.ts';
import { FORGOTTEN } from '../system-prompt.ts';
import type { Prompt } from './language-model.ts';

/** What of a prompt the guide goes by. */
export interface Conversation {
  /** What people said, oldest first, without the marks that a group's messages carry. */
  said: string[];
  /** The last answer before the last thing said, if any. */
  answered: string | null;
  /** Every answer, oldest first. */
  answers: string[];
  /** How long the answer should be, where the system message says so. */
  length: 'short' | 'balanced' | 'detailed';
  /** What the system message carries of what is known. */
  facts: string[];
  preferences: string[];
  known: { number: number; content: string }[];
  summary: string | null;
  /** Something was just forgotten at the person's wish. */
  hasForgotten: boolean;
}

/** Before anybody has said anything. */
export const nothingSaid: Conversation = {
  said: [],
  answers: [],
  answered: null,
  length: 'balanced',
  facts: [],
  preferences: [],
  known: [],
  summary: null,
  hasForgotten: false,
};

/** Of a longer message its beginning and its end are read: a question stands before or after what is pasted. */
const READ_AT_MOST = 2_000;

/** Reads a prompt of the AI SDK. Pictures, files and tools are not understood and left out. */
export function readConversation(prompt: Prompt): Conversation {
  const said: string[] = [];
  const answers: string[] = [];
  let system = '';
  for (const message of prompt) {
    if (message.role === 'system') system += `${message.content}\n`;
    if (message.role !== 'user' && message.role !== 'assistant') continue;
    const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    if (message.role === 'user') said.push(cut(plain(text)));
    else answers.push(text);
  }
  const preferences = readDataList(system, labels.preferences);
  const summary = readDataLine(system, labels.summary);
  const known = Known.safeParse(readDataLine(system, labels.known));
  return {
    ...nothingSaid,
    said,
    answers,
    answered: answers.at(-1) ?? null,
    length: lengthIn(system, preferences),
    facts: readDataList(system, labels.facts),
    preferences,
    known: known.data ?? [],
    summary: typeof summary === 'string' ? summary : null,
    hasForgotten: system.includes(FORGOTTEN),
  };
}

const Known = z.array(z.object({ number: z.number(), content: z.string() }));

/** Without the author of a group's message, mentions of Agent Jay, and what marks a quotation. */
function plain(text: string): string {
  return text
    .replace(/^From ".*":\n/, '')
    .replace(/@(?:agent[ _-]?)?jay\b/gi, '')
    .replace(/\u2060/g, '')
    .replace(/^>\s?/gm, '')
    .trim();
}

function cut(text: string): string {
  if (text.length <= READ_AT_MOST) return text;
  return `${text.slice(0, READ_AT_MOST / 2)}\n${text.slice(-READ_AT_MOST / 2)}`;
}

/** What the person prefers counts more than what the settings say; what they wrote elsewhere counts nothing. */
function lengthIn(system: string, preferences: readonly string[]): Conversation['length'] {
  const instructions = system.split('\n').filter((line) => !isDataLine(line));
  return wishedLength(preferences.join('\n')) ?? wishedLength(instructions.join('\n')) ?? 'balanced';
}

function wishedLength(text: string): Conversation['length'] | null {
  if (/\bfew sentences\b|\bbrief(?:ly)?\b|\bshort(?:er)? answers?\b/i.test(text)) return 'short';
  return /\bin detail\b|\bdetailed\b/i.test(text) ? 'detailed' : null;
}
