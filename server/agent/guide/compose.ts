import type { Entry } from './handbook.ts';
import type { Found, Retriever } from './retrieve.ts';
import { sampleSizeAnswer } from './sample-size.ts';

export interface Composed {
  text: string;
  /** The entry that it rests on most, if any. */
  entry: Entry | null;
}

const WHAT_I_AM =
  'I am the built-in guide of J Star Chat. No AI key is set on this server, so I do not write freely: I look your question up in a handbook for final-year projects and answer out of it, with the source. I remember nothing between questions but the one before.';

const LEAD = 1_400;
const BESIDE = 500;

/** Answers out of the handbook, and says so where it does not know. */
export function compose(retriever: Retriever, question: string, before: string | null): Composed {
  const small = smallTalk(question);
  if (small) return { text: small, entry: null };
  const worked = sampleSizeAnswer(question);
  const found = retriever.find(question, before);
  if (found.passages.length === 0) return { text: worked ?? doNotKnow(found), entry: null };
  return fromPassages(found, worked);
}

function fromPassages(found: Found, worked: string | null): Composed {
  const [lead, ...rest] = found.passages;
  if (!lead) return { text: doNotKnow(found), entry: null };
  const { entry } = lead;
  const opening = entry.sections[0];
  const parts: string[] = [];
  let length = 0;
  if (worked) parts.push(worked);
  // The entry's opening answers "what"; its best sections answer what was asked of it.
  const ordered = [
    opening,
    lead.section,
    ...rest.filter((passage) => passage.entry === entry).map((passage) => passage.section),
  ];
  for (const section of [...new Set(ordered)]) {
    if (!section || (length > 0 && length + section.text.length > LEAD)) continue;
    parts.push(section === opening ? section.text : `**${section.heading}**\n\n${section.text}`);
    length += section.text.length;
  }
  const beside = rest.filter((passage) => passage.entry !== entry).slice(0, 2);
  for (const { entry: other } of beside) {
    const [first = ''] = other.sections[0]?.text.split('\n\n') ?? [];
    if (first.length <= BESIDE) parts.push(`*See also ${other.title.toLowerCase()}:* ${first}`);
  }
  const sources = [entry, ...beside.map((passage) => passage.entry)];
  const named = [...new Set(sources)]
    .map((source) => `Handbook ${source.number}, ${source.title}`)
    .join(' · ');
  parts.push(`Sources: ${named}`);
  return { text: parts.join('\n\n'), entry };
}

function doNotKnow({ nearest }: Found): string {
  const first =
    'I do not know. The handbook that I answer from has nothing on this, and without an AI key on this server I cannot go beyond it.';
  if (nearest.length === 0)
    return `${first}\n\nAsk me about topics, proposals, literature, methods, data, writing up, citing, or the defence.`;
  const topics = nearest.map((entry) => `- ${entry.title}`).join('\n');
  return `${first}\n\nThe nearest that it does have:\n\n${topics}`;
}

function smallTalk(question: string): string | null {
  const text = question
    .trim()
    .toLowerCase()
    .replace(/@\S+/g, '')
    .replace(/[!.,?]+$/g, '')
    .trim();
  if (
    /^(hi|hello|hey|good (morning|afternoon|evening)|greetings|hiya|howdy)( there| jay| agent jay)*$/.test(
      text,
    )
  ) {
    return 'Hello! I am Agent Jay. Tell me what you are working on, or ask about any step of your final-year project: choosing a topic, the proposal, literature, methods, data, writing up, or the defence.';
  }
  if (
    /^(thanks|thank you|thx|cheers|great|perfect|ok|okay|nice)( so much| a lot| very much| jay)*$/.test(text)
  ) {
    return 'You are welcome. Ask whenever the next question comes up.';
  }
  if (/^(bye|goodbye|see you|good night)( jay)?$/.test(text))
    return 'Goodbye, and good progress with the project.';
  if (
    /^(who|what) are you|are you (an? )?(ai|bot|human|robot|chatgpt|real)|which model|what model|how do you work/.test(
      text,
    )
  )
    return WHAT_I_AM;
  return null;
}
