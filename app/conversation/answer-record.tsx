import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';

/** How an answer came about: how it ended, how long it took, for whom its model stood in. */
export function AnswerRecord({ message: { turn } }: { message: MessageRow }) {
  if (!turn) return null;
  const words = en.answer.record;
  const { fallback, timeToFirstTokenMs, aiResponseTime } = turn;
  const rows: [string, string | null][] = [
    [words.insteadOf, fallback && `${fallback.from}: ${fallback.because}`],
    [words.status, words.statuses[turn.status]],
    [words.firstToken, timeToFirstTokenMs === null ? null : words.seconds(timeToFirstTokenMs / 1000)],
    [words.responseTime, aiResponseTime === null ? null : words.seconds(aiResponseTime)],
  ];
  return rows.map(
    ([label, value]) =>
      value && (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="tabular">{value}</dd>
        </div>
      ),
  );
}
