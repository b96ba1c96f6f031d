import type { Conversation } from './conversation.ts';

interface Noted {
  kind: 'fact' | 'preference';
  text: string;
  replaces: number | null;
}

interface Pattern {
  kind: Noted['kind'];
  /** What the note begins with; a new note replaces an old one that begins alike. */
  start: string;
  says: RegExp;
  /** What it must not say: states of a thing are not the thing. */
  unless?: RegExp;
}

const BEFORE = String.raw`(?:^|[.!?,;\n]\s*|\b(?:and|so|but|hi|hello|because|since|please|just)\s+)`;
const WHAT = String.raw`(?<what>[^.!?;\n]{2,120}?)`;
const END = String.raw`(?=\s*(?:[.!?;\n]|,?\s+(?:and|but|so)\s+(?:i|my|what|how|can|do|where|which|please)\b|$))`;
const NAME = String.raw`(?<what>(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Engr)\.? )?\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’.-]{0,30}){0,3})`;
const STATES =
  /^(?:too|very|not|still|so|hard|difficult|broad|narrow|rejected|approved|accepted|late|due|going|ready|done|finished|boring|stuck|good|bad|ok|fine|it|that|this|what|how|unclear|in|at|by|with|alone|every|best|almost|nearly|just|good enough|quite|really|my)\b/i;

/** Sentences that say something lasting so plainly that nothing has to be understood. */
const patterns: readonly Pattern[] = [
  {
    kind: 'fact',
    start: 'Project: ',
    says: says(
      'my (?:final[- ]year )?(?:project|thesis|dissertation|research) (?:is|will be) (?:about|on|titled|called)',
      WHAT + END,
    ),
    unless: /^(?:hold|time|track|schedule|ice|it|that)\b/i,
  },
  {
    kind: 'fact',
    start: 'Project: ',
    says: says('my (?:project |research |thesis )?(?:topic|title) (?:is|will be)(?: about| on)?', WHAT + END),
    unless: STATES,
  },
  {
    kind: 'fact',
    start: 'Project: ',
    says: says(
      "i(?:['’]m| am) (?:working on|doing|writing) (?:a|my) (?:project|thesis|dissertation) (?:on|about)",
      WHAT + END,
    ),
    unless: STATES,
  },
  {
    kind: 'fact',
    start: 'Studies ',
    says: says(
      "(?:i(?:['’]m| am) (?:studying|a student of)|i study|my (?:department|course|major|field) is)",
      WHAT + END,
    ),
    unless: STATES,
  },
  {
    kind: 'fact',
    start: 'Wants to be called ',
    says: named("[Cc]all me|[Mm]y name is|[Mm]y name['’]s"),
  },
  { kind: 'fact', start: 'Supervisor: ', says: named("[Mm]y supervisor is|[Mm]y supervisor['’]s name is") },
  {
    kind: 'fact',
    start: 'Deadline: ',
    says: says(
      '(?:my deadline is|my (?:project|thesis|defen[cs]e|proposal|submission) is (?:due )?(?:on|by)|i (?:must|have to) submit (?:by|on|before))',
      String.raw`(?:on )?(?<what>(?=[^.!?;\n]*(?:\d|january|february|march|april|june|july|august|september|october|november|december|\bmay\b))[^.!?;\n]{3,40}?)` +
        END,
    ),
    unless: /^in\b|\b(?:weeks?|days?|hours?|tomorrow|today)\b/i,
  },
  {
    kind: 'preference',
    start: 'Prefers ',
    says: says(
      "i(?:['’]d)? (?:prefer|like|want|would like|would prefer)",
      String.raw`(?<what>(?:short|shorter|brief|long|longer|detailed|simple|formal|direct|step[- ]by[- ]step)(?:(?: and|,) \w+)? (?:answers?|replies|explanations?))`,
    ),
  },
  {
    kind: 'preference',
    start: 'Prefers ',
    says: says(
      '(?:always )?(?:keep your|give me|keep)',
      String.raw`(?<what>(?:short|shorter|brief|detailed|simple)(?: and \w+)* answers?|answers? (?:short|brief|simple|detailed))`,
    ),
  },
];

function says(opening: string, rest: string): RegExp {
  return new RegExp(`${BEFORE}${opening} +${rest}`, 'i');
}

/** A name is told by its capitals. */
function named(opening: string): RegExp {
  return new RegExp(`${BEFORE}(?:[Pp]lease )?(?:${opening}) ${NAME}`, 'u');
}

/** Nothing that is asked or supposed is a fact. */
const UNSURE = /\b(?:if|maybe|perhaps|not sure|might|could be|should i|what if)\b/i;
const AT_MOST = 3;

/** What the last message says about the person, where it says so plainly; as the arguments of the tool "remember". */
export function plainlySaid({ said, known }: Conversation): { memories: Noted[] } {
  const memories: Noted[] = [];
  const text = said.at(-1) ?? '';
  for (const { kind, start, says: pattern, unless } of patterns) {
    const match = pattern.exec(text);
    const what = match?.groups?.what?.replace(/^(?:the|a|an)\s+/i, '').trim();
    if (!match || !what || unless?.test(what) || UNSURE.test(match[0]) || asks(text, match)) continue;
    if (memories.some((one) => one.text.startsWith(start))) continue;
    const line = kind === 'preference' ? `${start}${asAnswers(what)}` : `${start}${what}`;
    const old = known.find(({ content }) => content.startsWith(start));
    memories.push({ kind, text: line, replaces: old?.number ?? null });
  }
  return { memories: memories.slice(0, AT_MOST) };
}

/** "answers short" as people say it, and "short answers" as it is kept. */
const asAnswers = (what: string) =>
  what.replace(/^(answers?) (\w+)$/i, '$2 $1').replace(/\bshorter\b/i, 'short');

/** What was said ends in a question mark: then it was asked. */
function asks(text: string, match: RegExpExecArray): boolean {
  return /^\s*\?/.test(text.slice(match.index + match[0].length));
}
