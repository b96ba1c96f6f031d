import type { Conversation } from './conversation.ts';
import { smallTalk, withoutCourtesies } from './small-talk.ts';

const ASKED = 'Asked: ';
const LOOKED_UP = 'Looked up in the handbook: ';
const ASKED_AT_MOST = 24;
const QUESTION_AT_MOST = 140;
const SEPARATOR = ' · ';

/**
 * What a guide that looks things up can honestly say of a conversation: what was asked, in the person's own words, and
 * which entries the answers came from. It goes on from an earlier one of its own.
 */
export function extractiveSummary({ said, answers, summary }: Conversation): string {
  const asked = [
    ...listIn(summary, ASKED),
    ...said
      .filter((one) => smallTalk(one) === null)
      .map((one) => firstSentence(withoutCourtesies(one)))
      .filter(Boolean),
  ];
  const sources = [
    ...listIn(summary, LOOKED_UP),
    ...answers.flatMap((answer) =>
      [...answer.matchAll(/Handbook \d+, ([^·\n]+)/g)].map(([, title]) => title?.trim() ?? ''),
    ),
  ];
  const lines = [];
  if (asked.length > 0) lines.push(ASKED + [...new Set(asked)].slice(-ASKED_AT_MOST).join(SEPARATOR));
  if (sources.length > 0) lines.push(LOOKED_UP + [...new Set(sources)].slice(-ASKED_AT_MOST).join(SEPARATOR));
  return lines.join('\n');
}

function listIn(summary: string | null, start: string): string[] {
  const line = summary?.split('\n').find((one) => one.startsWith(start));
  return line ? line.slice(start.length).split(SEPARATOR) : [];
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.*?(?:[.?!](?=\s|$)|$)/s.exec(text.replace(/\s+/g, ' ')) ?? [];
  const line = sentence.replaceAll('·', '-').trim();
  return line.length <= QUESTION_AT_MOST
    ? line
    : `${line.slice(0, QUESTION_AT_MOST).replace(/\s\S*$/, '')} …`;
}
