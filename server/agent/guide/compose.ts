import { aboutMemory } from './about-memory.ts';
import type { Conversation } from './conversation.ts';
import type { Entry, Section } from './handbook.ts';
import { type Intent, intentOf } from './intent.ts';
import { condense, sentencesAbout, wordCount } from './passages.ts';
import type { Found, Retriever } from './retrieve.ts';
import { smallTalk, withoutCourtesies } from './small-talk.ts';
import { type Worked, workOut } from './tasks.ts';
import { stemsOf } from './words.ts';

export interface Composed {
  text: string;
  /** The entry that it rests on most; null where the handbook was not needed or does not know. */
  entry: Entry | null;
}

/** How many words an answer takes from the entry it rests on, and how many sections beside what answers at once. */
interface Size {
  words: number;
  aside: number;
}

const SIZES: Record<Conversation['length'], Size> = {
  short: { words: 90, aside: 0 },
  balanced: { words: 230, aside: 1 },
  detailed: { words: 420, aside: 3 },
};
const BESIDE_AT_MOST = 2;
/** Another entry is worth a sentence from this part of the best one's score on. */
const BESIDE_FROM = 0.45;
/** Below this score even the nearest entries have nothing to do with it. */
const NEAR_FROM = 20;

/** Answers the last thing said out of the handbook, and says so where the handbook does not know. */
export function compose(retriever: Retriever, conversation: Conversation, now: Date): Composed {
  const said = conversation.said.at(-1) ?? '';
  const answer = aboutMemory(conversation) ?? smallTalk(said);
  if (answer !== null) return { text: answer, entry: null };
  const question = withoutCourtesies(said);
  const earlier = conversation.said.slice(0, -1).map(withoutCourtesies).filter(Boolean);
  const worked = workOut(question, earlier, now);
  if (worked) return fromFigures(retriever, worked);
  const found = retriever.find(question, earlier);
  if (!found.isKnown) return { text: doNotKnow(found), entry: null };
  return fromHandbook(retriever, found, question, SIZES[conversation.length]);
}

function fromFigures(retriever: Retriever, worked: Worked): Composed {
  const entry = retriever.handbook.find(({ number }) => number === worked.entry) ?? null;
  const beside = entry?.sections.find(({ heading }) => heading === worked.heading);
  const parts = [worked.text];
  if (beside) parts.push(`**${beside.heading}**\n\n${beside.text}`);
  if (entry) parts.push(sourcesOf([entry]));
  return { text: parts.join('\n\n'), entry };
}

function fromHandbook(
  retriever: Retriever,
  found: Found,
  question: string,
  { words, aside }: Size,
): Composed {
  const [best, ...others] = found.matches;
  if (!best) return { text: doNotKnow(found), entry: null };
  const { entry } = best;
  const intent = intentOf(question);
  const { pointed, sections, specific } = chooseSections(retriever, entry, found, intent);
  const parts: string[] = [];
  let left = words;
  const add = (text: string, heading: string) => {
    parts.push(heading === '' ? text : `**${heading}**\n\n${text}`);
    left -= wordCount(text);
  };
  if (pointed) {
    const direct = sentenceThatAnswers(entry.opening.text, specific, intent);
    if (direct !== null) add(direct, '');
    else if (intent.leadIn !== '') parts.push(intent.leadIn);
    const heading = isGeneric(pointed) ? `${entry.title}: ${lowerFirst(pointed.heading)}` : pointed.heading;
    add(condense(pointed, found.terms, words), heading);
  } else {
    if (intent.name === 'worry') parts.push(intent.leadIn);
    add(entry.opening.text, '');
  }
  const more = sections.filter((section) => section !== pointed).slice(0, pointed ? aside : aside + 1);
  for (const section of more) {
    if (left < 30) break;
    add(condense(section, found.terms, left), section.heading);
  }
  const beside = others
    .filter(({ entry: other, score }) => score > best.score * BESIDE_FROM && addsTo(entry, other, found))
    .slice(0, aside > 0 ? BESIDE_AT_MOST : 0);
  for (const { entry: other } of beside) {
    parts.push(`*See also ${other.title}:* ${sentencesAbout(other.opening.text, new Map(), 1)}`);
  }
  return { text: [...parts, sourcesOf([entry, ...beside.map((match) => match.entry)])].join('\n\n'), entry };
}

/** The sentence of an opening that speaks of most of what was asked; null when none speaks of half of it. */
function sentenceThatAnswers(
  opening: string,
  specific: ReadonlyMap<string, number>,
  intent: Intent,
): string | null {
  const sentence = sentencesAbout(opening, specific, 1);
  const met = new Set(stemsOf(sentence).filter((stem) => specific.has(stem)));
  const isFigure = intent.name === 'how much' && /\d/.test(sentence);
  return met.size > 0 && (isFigure || met.size >= specific.size / 2) ? sentence : null;
}

/** The sections to use, best first, and the one that the question points at, if any. */
function chooseSections(
  retriever: Retriever,
  entry: Entry,
  { terms }: Found,
  intent: Intent,
): { pointed: Section | null; sections: Section[]; specific: ReadonlyMap<string, number> } {
  const known = new Set(stemsOf(entry.title));
  // What all of an entry is about does not tell its sections apart.
  const specific = new Map(
    [...terms].filter(([term, weight]) => weight > 0.5 && !known.has(term) && !quantities.has(term)),
  );
  const ranked = new Map(entry.sections.map((section, index) => [section, 1 / (index + 2)]));
  for (const { section, score } of retriever.sectionsOf(entry, specific.size > 0 ? specific : terms)) {
    ranked.set(section, (ranked.get(section) ?? 0) + score);
  }
  const top = Math.max(...ranked.values());
  for (const section of entry.sections) {
    const score = ranked.get(section) ?? 0;
    const suits = intent.headings?.test(section.heading) ?? false;
    const isAside = /mistake|^check$|^rule of thumb/i.test(section.heading) && intent.name !== 'mistakes';
    ranked.set(section, isAside ? score * 0.3 : suits ? score + Math.max(2, top * 0.5) : score);
  }
  const sections = [...ranked].sort((a, b) => b[1] - a[1]).map(([section]) => section);
  const [first] = sections;
  if (!first) return { pointed: null, sections, specific };
  const isNamed = stemsOf(first.heading).some((stem) => specific.has(stem) && !ordinary.has(stem));
  const isWanted =
    (intent.name === 'example' || intent.name === 'mistakes') && intent.headings?.test(first.heading);
  return { pointed: isNamed || isWanted ? first : null, sections, specific };
}

/** Whether another entry speaks of something asked that this one is not about. */
function addsTo(entry: Entry, other: Entry, { terms }: Found): boolean {
  const about = new Set(stemsOf([entry.title, ...entry.keywords].join(' , ')));
  const titled = stemsOf(other.title);
  return (
    entry.related.includes(other.number) ||
    titled.some((stem) => (terms.get(stem) ?? 0) > 0.5 && !about.has(stem))
  );
}

function doNotKnow({ matches }: Found): string {
  const first =
    "I don't know. The handbook that I answer from has nothing on this, and only an AI service could go beyond it.";
  const near = matches.filter(({ score }) => score >= NEAR_FROM).slice(0, 3);
  if (near.length === 0)
    return `${first}\n\nAsk me about your project: topic, proposal, literature, method, data, building, writing up, citing, or the defence.`;
  const topics = near.map(({ entry }) => `- ${entry.title}: "${entry.questions[0]}"`).join('\n');
  return `${first}\n\nThe nearest that it has:\n\n${topics}`;
}

/** One line, such as `Sources: Handbook 14, Stratified sampling · Handbook 16, Sample size`. */
const sourcesOf = (entries: readonly Entry[]) =>
  `Sources: ${entries.map(({ number, title }) => `Handbook ${number}, ${title}`).join(' · ')}`;

const isGeneric = ({ heading }: Section) =>
  /^(?:steps?|examples?.*|common mistakes|check.*|structure|writing it.*|reporting.*|in the report|tools?|preparing|types?.*|the routine|rule of thumb)$/i.test(
    heading,
  );

/** Words of headings that do not tell what the section is about. */
const ordinary = new Set(stemsOf('write, choose, start, answer, find, show, report, data, question'));

const quantities = new Set(stemsOf('how many, how long'));

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
