import type { Prompt } from './language-model.ts';

/** What of a prompt the guide goes by. */
export interface Conversation {
  /** What people said, oldest first, without the marks that a group's messages carry. */
  said: string[];
  /** The last answer before the last thing said, if any. */
  answered: string | null;
  /** How long the answer should be, where the system message says so. */
  length: 'short' | 'balanced' | 'detailed';
}

/** Of a longer message its beginning and its end are read: a question stands before or after what is pasted. */
const READ_AT_MOST = 2_000;

/** Reads a prompt of the AI SDK. Pictures, files and tools are not understood and left out. */
export function readConversation(prompt: Prompt): Conversation {
  const said: string[] = [];
  let answered: string | null = null;
  let system = '';
  for (const message of prompt) {
    if (message.role === 'system') system += `${message.content}\n`;
    if (message.role !== 'user' && message.role !== 'assistant') continue;
    const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    if (message.role === 'user') said.push(cut(plain(text)));
    else answered = text;
  }
  return { said, answered, length: lengthIn(system) };
}

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

function lengthIn(system: string): Conversation['length'] {
  if (/\bfew sentences\b|\bbrief(?:ly)?\b|\bshort answers?\b/i.test(system)) return 'short';
  return /\bin detail\b|\bdetailed\b/i.test(system) ? 'detailed' : 'balanced';
}
