import { asIfShown, Forks, isShown } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';

interface Row {
  id: string;
  seq: number;
  branch: string | null;
  content: string;
}

/**
 * What of a conversation leads to a question: nothing of other versions' tails, and of an answer the version that is
 * shown, if it has text. What is turned to meanwhile changes nothing about it.
 * @param stored the session's forks, as they are in the database
 */
export function onPath<R extends Row>(stored: unknown, question: Row, rows: readonly R[]): R[] {
  const silent = new Set(rows.filter(({ content }) => content === '').map(({ id }) => id));
  const known = Object.entries(Forks.parse(stored ?? {})).filter(
    ([, fork]) => fork.kind === 'question' || !silent.has(fork.shown),
  );
  const forks = asIfShown(Object.fromEntries(known), placed(question));
  return rows.filter((row) => isShown(forks, placed(row)));
}

/** Whether a question of this conversation was asked in another version. */
export const hasBranches = (stored: unknown): boolean =>
  Object.values(Forks.parse(stored ?? {})).some(({ kind }) => kind === 'question');

// Rows were written through the schemas that brand these.
const placed = ({ id, seq, branch }: Row) => ({
  id: id as MessageId,
  place: seq,
  branch: branch as MessageId | null,
});
