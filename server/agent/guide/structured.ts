import { compose } from './compose.ts';
import type { Conversation } from './conversation.ts';
import type { Entry } from './handbook.ts';
import type { Retriever } from './retrieve.ts';
import { smallTalk, withoutCourtesies } from './small-talk.ts';
import { extractiveSummary } from './summary.ts';
import { wordsOf } from './words.ts';

/** What we read of a JSON schema. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema | boolean>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: (Schema | boolean)[];
  minimum?: number;
}

const SUGGESTIONS_AT_LEAST = 3;
const SUGGESTIONS_AT_MOST = 4;
/** What to ask where no entry was talked about: first questions of entries that most projects need. */
const FIRST_QUESTIONS = [
  'How do I choose a project topic?',
  'How do I write a problem statement?',
  'What sample size do I need?',
  'How do I plan my project in weeks?',
];
/** Words that a title does not end with. */
const DANGLING = /^(?:of|for|to|in|on|and|or|with|at|from|as|by|is|are|that|when|if|but|i)$/i;
/** What is asked for is in the first words: without them the rest is no sentence. */
const MEASURE =
  /^how (?:big|deep|detailed|far|formal|good|large|long|often|old|recent|short|small|soon|strong|wide)\b/i;
const WISH =
  /\bjson\b|^(?:please )?(?:suggest|give|propose|write|name|list|create|generate)\b.*\b(?:titles?|questions?|follow-?ups?|suggestions?)\b/is;

/** A reply in the shape that a schema asks for: follow-ups, a title, a summary, or else what is empty but fits. */
export function structuredReply(
  retriever: Retriever,
  conversation: Conversation,
  schema: Schema | undefined,
  now: Date,
): unknown {
  const said = aboutWhat(conversation);
  const properties = schema?.properties ?? {};
  if ('suggestions' in properties)
    return { suggestions: suggestions(retriever, { ...conversation, said }, now) };
  if (Object.keys(properties).join() === 'summary')
    return { summary: extractiveSummary({ ...conversation, said }) };
  if ('title' in properties) return { title: titleFor(retriever, said) };
  return schema ? emptyOf(schema) : {};
}

/** What people said, without the wish for titles or suggestions that the app puts at the end. */
function aboutWhat({ said }: Conversation): string[] {
  return WISH.test(said.at(-1) ?? '') ? said.slice(0, -1) : said;
}

function suggestions(retriever: Retriever, conversation: Conversation, now: Date): string[] {
  const entry = sourceOf(retriever, conversation.answered) ?? compose(retriever, conversation, now).entry;
  const related =
    entry?.related.flatMap((number) => retriever.handbook.find((one) => one.number === number) ?? []) ?? [];
  const asked = new Set(conversation.said.map(likeness));
  const fresh = (questions: readonly string[]) =>
    questions.filter((question) => !asked.has(likeness(question)));
  const own = fresh(entry?.questions ?? FIRST_QUESTIONS).slice(0, SUGGESTIONS_AT_MOST);
  const more = fresh([...related.map((one) => one.questions[0] ?? one.title), ...FIRST_QUESTIONS]);
  return [...new Set([...own, ...more.slice(0, Math.max(0, SUGGESTIONS_AT_LEAST - own.length))])];
}

/** The entry that an answer of ours named as its first source: what a follow-up is about, better than any guess. */
function sourceOf(retriever: Retriever, answered: string | null): Entry | null {
  const [, number] = /^Sources: Handbook (\d+),/m.exec(answered ?? '') ?? [];
  return retriever.handbook.find((entry) => entry.number === Number(number)) ?? null;
}

/** Three to six words from the first question that is one. */
function titleFor(retriever: Retriever, said: readonly string[]): string {
  const question = said.find((one) => smallTalk(one) === null);
  if (question === undefined) return 'Getting started with Agent Jay';
  const sentence = withoutCourtesies(question)
    .split(/[.?!\n]/, 1)
    .join('')
    .replace(/[^\p{L}\p{N}\s'’,%-]/gu, ' ')
    .replace(/,(?!\d)/g, ' ')
    .trim();
  const isMeasure = MEASURE.test(sentence);
  const words = sentence
    .split(/\s+/)
    .filter((word) => isMeasure || !/^(?:please|pls|the|a|an|just|really|so|my|our|abeg|)$/i.test(word));
  const openers =
    /^(?:how|what|which|why|when|where|who|whats|can|could|should|do|does|is|are|am|i|i'm|im|me|us|we|you|u|to|help|need|want|know|tell|explain|give|make|and|if|in|of|for|with|it|there|have|would|like|many|much|about)$/i;
  while (!isMeasure && words.length > 3 && openers.test(words[0] ?? '')) words.shift();
  const title = words.slice(0, 6);
  while (title.length > 3 && DANGLING.test(title.at(-1) ?? '')) title.pop();
  if (title.length >= 3) return upperFirst(title.join(' '));
  const entry = retriever.find(question).matches[0]?.entry.title.replace(/\s*[(:].*$/, '') ?? title.join(' ');
  const padded = entry.split(' ').length >= 3 ? entry : `Help with ${entry}`;
  const full = padded.split(' ').slice(0, 6);
  return full.length >= 3 ? full.join(' ') : 'A question for Agent Jay';
}

/** The least that fits a schema: a guide that looks things up has no facts or summaries of its own to give. */
function emptyOf(schema: Schema | boolean): unknown {
  if (typeof schema === 'boolean') return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return emptyOf(schema.anyOf.find(isNull) ?? schema.anyOf[0]);
  const type = Array.isArray(schema.type)
    ? schema.type.includes('null')
      ? 'null'
      : schema.type[0]
    : schema.type;
  if (type === 'array') return [];
  if (type === 'string') return '';
  if (type === 'number' || type === 'integer') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  if (type !== 'object') return null;
  const required = schema.required ?? [];
  return Object.fromEntries(required.map((name) => [name, emptyOf(schema.properties?.[name] ?? true)]));
}

const isNull = (schema: Schema | boolean) => typeof schema === 'object' && schema.type === 'null';
const likeness = (text: string) => wordsOf(text).join(' ');
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
