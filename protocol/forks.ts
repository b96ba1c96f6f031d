import { z } from 'zod';
import { MessageId } from './ids.ts';
import { Seq } from './seq.ts';

/**
 * Several versions of one message, of which one is shown. Versions of an answer stand in for each other and hide nothing
 * else. Versions of a question each have a tail of the conversation of their own: that of the first is what follows it in
 * its own branch, that of any other is the branch named after it (`message.branch`).
 */
export const Fork = z.object({
  /** The first version; it is not among `all` once it was taken back. */
  root: MessageId,
  kind: z.enum(['question', 'answer']),
  /** The first version's seq: where all of them stand. */
  at: Seq,
  /** The branch in which they stand; null is the trunk. */
  in: MessageId.nullable(),
  /** Oldest first. */
  all: z.array(MessageId),
  shown: MessageId,
});
export type Fork = z.infer<typeof Fork>;

/** Of one conversation, by the id of the first version. */
export const Forks = z.record(z.string(), Fork);
export type Forks = z.infer<typeof Forks>;

/** What a message's place is known by; `place` orders a branch (the seq, or what sorts like it). */
export interface Placed {
  id: MessageId;
  place: number;
  branch: MessageId | null;
}

export const withFork = (forks: Forks, fork: Fork): Forks => ({ ...forks, [fork.root]: fork });

/** The versions that a message is one of; null when there is only this one. */
export function forkOf(forks: Forks, id: MessageId): Fork | null {
  return Object.values(forks).find((fork) => fork.root === id || fork.all.includes(id)) ?? null;
}

/**
 * Which versions have to be shown so that this message is, outermost first.
 * @returns null when it stands in a branch that nobody knows
 */
export function stepsToShow(forks: Forks, { id, place, branch }: Placed): MessageId[] | null {
  const own = forkOf(forks, id);
  const at = own?.at ?? place;
  const steps: MessageId[] = [];
  for (const fork of Object.values(forks)) {
    if (fork === own) continue;
    const holdsTail = fork.kind === 'question' && fork.in === branch && fork.at < at;
    if (holdsTail && fork.shown !== fork.root) steps.push(fork.root);
  }
  if (own && own.shown !== id) steps.push(id);
  if (branch === null) return steps;
  const home = forkOf(forks, branch);
  const outer = home && stepsToShow(forks, { id: branch, place: home.at, branch: home.in });
  return outer && [...outer, ...steps];
}

/** Whether a message belongs to the conversation as it is shown. */
export const isShown = (forks: Forks, message: Placed): boolean => stepsToShow(forks, message)?.length === 0;

/** The conversation as it would be if this message were shown: the path that leads to it. */
export function asIfShown(forks: Forks, message: Placed): Forks {
  let changed = forks;
  for (const shown of stepsToShow(forks, message) ?? []) {
    const fork = forkOf(changed, shown);
    if (fork) changed = withFork(changed, { ...fork, shown });
  }
  return changed;
}

/** Where what is shown leaves the first version of a question for another one, outermost first. */
export function turningsShown(forks: Forks): Fork[] {
  const turnings: Fork[] = [];
  for (;;) {
    const branch = turnings.at(-1)?.shown ?? null;
    const [next] = Object.values(forks)
      .filter((fork) => fork.kind === 'question' && fork.in === branch && fork.shown !== fork.root)
      .sort((a, b) => a.at - b.at);
    if (!next) return turnings;
    turnings.push(next);
  }
}

/** The branch in which whatever is written next stands: null while only first versions of questions are shown. */
export const branchShown = (forks: Forks): MessageId | null => turningsShown(forks).at(-1)?.shown ?? null;

/** A fork with one version more, which is shown from now on; of a message that had none, a new one. */
export function forkWith(
  forks: Forks,
  first: Placed & { kind: Fork['kind'] },
  known: readonly MessageId[],
  added: MessageId,
): Fork {
  const fork = forkOf(forks, first.id);
  const all = [...new Set([...(fork?.all ?? [first.id]), ...known, added])];
  const root = fork?.root ?? first.id;
  return {
    root,
    kind: first.kind,
    at: fork?.at ?? first.place,
    in: fork ? fork.in : first.branch,
    all,
    shown: added,
  };
}

/** A fork once its author took this version back: the newest of the others is shown in its place, if there is one. */
export function withdrawnFrom(fork: Fork, id: MessageId): Fork {
  const all = fork.all.filter((one) => one !== id);
  return { ...fork, all, shown: fork.shown === id ? (all.at(-1) ?? fork.root) : fork.shown };
}

/** Without a version that never came to be; the newest of the others is shown in its place. */
export function withoutVersion(forks: Forks, id: MessageId): Forks {
  const fork = forkOf(forks, id);
  if (!fork || fork.root === id) return forks;
  const left = withdrawnFrom(fork, id);
  if (left.all.length > 1 || !left.all.includes(fork.root)) return withFork(forks, left);
  const { [fork.root]: _alone, ...rest } = forks;
  return rest;
}
