import { asIfShown, Forks, isShown, turningsShown } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { Prisma } from '../store/prisma-types.ts';

interface Placeable {
  id: string;
  seq: number;
  branch: string | null;
}

interface Row extends Placeable {
  content: string;
}

/**
 * What of a conversation leads to a question: nothing of other versions' tails, and of an answer the version that is
 * shown, if it has text. What is turned to meanwhile changes nothing about it.
 * @param stored the session's forks, as they are in the database
 */
export function onPath<R extends Row>(stored: unknown, question: Placeable, rows: readonly R[]): R[] {
  const silent = new Set(rows.filter(({ content }) => content === '').map(({ id }) => id));
  const known = Object.entries(Forks.parse(stored ?? {})).filter(
    ([, fork]) => fork.kind === 'question' || !silent.has(fork.shown),
  );
  const forks = asIfShown(Object.fromEntries(known), placed(question));
  return rows.filter((row) => isShown(forks, placed(row)));
}

/**
 * Other versions of questions through which the path to a question leads, as far as the conversation up to `seq` has to
 * do with them. Two questions with the same ones share what was said until then.
 */
export function versionsUpTo(stored: unknown, question: Placeable, seq: number): string[] {
  return turningsTo(stored, question).flatMap(({ at, shown }) => (at <= seq ? [shown] : []));
}

/** Whatever may stand on the path to a question, so that what is read is not filled up with other versions' tails. */
export function pathWhere(stored: unknown, question: Placeable): Prisma.ChatMessageWhereInput {
  const forks = Object.values(Forks.parse(stored ?? {}));
  if (!forks.some(({ kind }) => kind === 'question')) return {};
  const turnings = turningsTo(stored, question);
  const stretches = [null, ...turnings.map(({ shown }) => shown)].map((branch, i) => {
    const end = turnings[i];
    if (!end) return { branch };
    // A version of an answer stands where the first one does, whenever it was written.
    return { branch, OR: [{ seq: { lt: end.at } }, { id: end.shown }, { turn: { version: { gt: 1 } } }] };
  });
  return { OR: stretches };
}

function turningsTo(stored: unknown, question: Placeable) {
  return turningsShown(asIfShown(Forks.parse(stored ?? {}), placed(question)));
}

// Rows were written through the schemas that brand these.
const placed = ({ id, seq, branch }: Placeable) => ({
  id: id as MessageId,
  place: seq,
  branch: branch as MessageId | null,
});
