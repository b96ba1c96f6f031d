import { daysIn, splitWhole } from './figures.ts';
import type { Worked } from './tasks.ts';

interface Phase {
  share: number;
  what: string;
  doneWhen: string;
}

const STUDY: readonly Phase[] = [
  {
    share: 15,
    what: 'Topic, objectives, proposal, permission',
    doneWhen: 'the proposal is approved and access is in writing',
  },
  {
    share: 15,
    what: 'Literature matrix, instrument, pilot',
    doneWhen: '20 papers are in the matrix and the instrument has been tried',
  },
  {
    share: 28,
    what: 'Data collection',
    doneWhen: 'the planned number is reached, or the last day you set has come',
  },
  { share: 14, what: 'Cleaning and analysis', doneWhen: 'there is a table or theme for each objective' },
  {
    share: 18,
    what: 'Writing what is missing, abstract last',
    doneWhen: 'a complete draft is with your supervisor',
  },
  { share: 10, what: 'Corrections, formatting, printing, reserve', doneWhen: 'it is bound and handed in' },
];
const BUILD: readonly Phase[] = [
  {
    share: 15,
    what: 'Requirements, sketches, the riskiest part tried out',
    doneWhen: 'five to eight "must" requirements are agreed',
  },
  {
    share: 15,
    what: 'Design, and one path that works from end to end',
    doneWhen: 'something runs outside your own machine',
  },
  {
    share: 28,
    what: 'Building the musts, one slice at a time',
    doneWhen: 'every must works; features are frozen',
  },
  {
    share: 14,
    what: 'Tests, and evaluation with users',
    doneWhen: 'the requirements are ticked off with figures',
  },
  {
    share: 18,
    what: 'Writing what is missing, abstract last',
    doneWhen: 'a complete draft is with your supervisor',
  },
  {
    share: 10,
    what: 'Corrections, formatting, demo video, printing, reserve',
    doneWhen: 'it is bound and handed in',
  },
];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;

const ASKS =
  /\bplan\b|\bplanning\b|schedule|time ?table|time ?line|gantt|\bleft\b|deadline|due\b|submi|finish|organi[sz]e/i;
const NOT_A_PLAN =
  /\bago\b|has not (?:replied|answered)|hasn'?t (?:replied|answered)|\bresponse\b|supervisor|interview|how long\b/i;

/**
 * A plan counted back from a deadline: weeks where there are six or more, days otherwise.
 * @param now to turn a date such as "12 March" into the time that is left
 */
export function timePlanFor(question: string, earlier: readonly string[], now: Date): Worked | null {
  const days = daysIn(question) ?? daysUntil(question, now);
  if (days === null || days < 3 || days > 500) return null;
  const previous = earlier.at(-1) ?? '';
  const goesOn = question.split(/\s+/).length <= 8 && /\bplan\b|schedule|time ?table|gantt/i.test(previous);
  const wantsPlan = /\bplan\b|schedule|time ?table|gantt/i.test(question);
  if (!wantsPlan && !goesOn && (!ASKS.test(question) || NOT_A_PLAN.test(question))) return null;
  const context = `${previous} ${question}`;
  const isBuild = /\bapp\b|software|system|website|build|code|hardware|iot|device|prototype|model\b/i.test(
    context,
  );
  const phases = (isBuild ? BUILD : STUDY).slice(doneIn(context));
  const inWeeks = days >= 42;
  const units = inWeeks ? Math.floor(days / 7) : days;
  const unit = inWeeks ? 'week' : 'day';
  const rows = rowsOf(phases, units, unit);
  const isShort = days < 35;
  return {
    text: [
      `Here is a plan for **${units} ${unit}s**${isBuild ? ' for a build' : ''}, counted back from the day you hand in:`,
      '',
      '| when | what | finished when |',
      '|---|---|---|',
      ...rows,
      '',
      `- Write half a page a day beside everything else, from ${unit} 1.`,
      isShort
        ? '- Tell your supervisor today which day a draft comes, and ask how fast it can be read.'
        : '- Give your supervisor a chapter as soon as it stands, and reckon with a week or two for reading.',
      isShort
        ? '- This is tight: agree today with your supervisor which objectives, sites or features to drop.'
        : '- Compare plan and reality every Friday, and move what is left on purpose.',
    ].join('\n'),
    entry: isShort ? 67 : 61,
    heading: isShort ? 'What can be cut' : 'A week that works',
  };
}

/** One row for each phase; where there is too little time, neighbours share a row. */
function rowsOf(phases: readonly Phase[], units: number, unit: string): string[] {
  const lengths = splitWhole(
    units,
    phases.map(({ share }) => share),
  );
  const rows: string[] = [];
  let start = 1;
  let waiting: string[] = [];
  phases.forEach((phase, index) => {
    const length = lengths[index] ?? 0;
    if (length === 0) {
      waiting.push(phase.what);
      return;
    }
    const when = length === 1 ? `${unit} ${start}` : `${unit}s ${start}–${start + length - 1}`;
    rows.push(`| ${when} | ${[...waiting, phase.what].join('; ')} | ${phase.doneWhen} |`);
    start += length;
    waiting = [];
  });
  return rows;
}

/** How many phases are behind the student already, by what they say. */
function doneIn(text: string): number {
  const says = (pattern: RegExp) => pattern.test(text);
  if (
    says(
      /(?:only|just)\b.{0,20}\bwrit|analysis (?:is )?(?:done|finished|complete)|(?:done|finished) (?:with )?(?:the |my )?analysis/i,
    )
  )
    return 4;
  if (
    says(
      /(?:collected|got|have all)\b.{0,20}\bdata|data (?:is|are|has been|have been) (?:ready|collected)|(?:app|system|code|prototype)\b.{0,15}\b(?:works|done|finished|ready)/i,
    )
  )
    return 3;
  if (
    says(
      /chapters? (?:one|1|two|2|three|3|1-3|1 to 3).{0,30}(?:done|finished|written|approved)|(?:done|finished) (?:with )?chapters? (?:three|3|1-3)/i,
    )
  )
    return 2;
  return says(
    /proposal.{0,25}(?:approved|done|accepted|finished|passed)|(?:passed|finished|defended) (?:my |the )?proposal/i,
  )
    ? 1
    : 0;
}

/** Days until a date that a text names ("12 March", "March 12th", "2026-03-12"), the next one if it has no year. */
function daysUntil(text: string, now: Date): number | null {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  const months = MONTHS.join('|');
  const dayFirst = new RegExp(
    String.raw`\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(${months})[a-z]*\.?(?:,?\s+(\d{4}))?`,
    'i',
  ).exec(text);
  const monthFirst = new RegExp(
    String.raw`\b(${months})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?`,
    'i',
  ).exec(text);
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  if (iso) return Math.round((Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])) - today) / DAY_MS);
  const [day, month, year] = dayFirst
    ? [dayFirst[1], dayFirst[2], dayFirst[3]]
    : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  if (!day || !month) return null;
  const index = MONTHS.indexOf(month.toLowerCase());
  const on = (inYear: number) => Date.UTC(inYear, index, Number(day));
  const date = year
    ? on(Number(year))
    : on(now.getFullYear()) > today
      ? on(now.getFullYear())
      : on(now.getFullYear() + 1);
  return Math.round((date - today) / DAY_MS);
}
