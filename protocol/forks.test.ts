import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asIfShown,
  branchShown,
  type Forks,
  forkOf,
  forkWith,
  isShown,
  type Placed,
  withFork,
  withoutVersion,
} from './forks.ts';
import { type MessageId, newMessageId } from './ids.ts';

/** A conversation of questions as a person sees it, told step by step. */
class Talk {
  forks: Forks = {};
  said: Placed[] = [];
  /** For each message, what was on screen when it was written, itself included. */
  paths = new Map<MessageId, MessageId[]>();

  get shown(): Placed[] {
    const place = (one: Placed) => forkOf(this.forks, one.id)?.at ?? one.place;
    return this.said.filter((one) => isShown(this.forks, one)).sort((a, b) => place(a) - place(b));
  }

  say(): void {
    this.#add({ id: newMessageId(), place: this.said.length + 1, branch: branchShown(this.forks) });
  }

  edit(which: Placed): void {
    const id = newMessageId();
    const first =
      this.said.find((one) => one.id === (forkOf(this.forks, which.id)?.root ?? which.id)) ?? which;
    const fork = forkWith(this.forks, { ...first, kind: 'question' }, [], id);
    this.forks = withFork(this.forks, fork);
    this.#add({ id, place: this.said.length + 1, branch: fork.in });
  }

  #add(one: Placed): void {
    this.said.push(one);
    this.paths.set(
      one.id,
      this.shown.map(({ id }) => id),
    );
  }
}

const step = fc.tuple(fc.constantFrom('say', 'edit', 'show'), fc.nat(), fc.nat());

describe('branches of a conversation', () => {
  it('whatever was said shows, when one turns back to it, behind all that it was said after', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const talk = new Talk();
        talk.say();
        for (const [kind, a, b] of steps) {
          const which = talk.shown[a % talk.shown.length];
          const fork = which && forkOf(talk.forks, which.id);
          if (kind === 'edit' && which) talk.edit(which);
          else if (kind === 'show' && fork) {
            const shown = fork.all[b % fork.all.length] ?? fork.root;
            talk.forks = withFork(talk.forks, { ...fork, shown });
          } else talk.say();
          const last = talk.said.at(-1);
          if (last && kind !== 'show') expect(talk.shown.at(-1)).toEqual(last);
        }
        for (const one of talk.said) {
          const now = talk.forks;
          talk.forks = asIfShown(now, one);
          const ids = talk.shown.map(({ id }) => id);
          expect(ids.slice(0, ids.indexOf(one.id) + 1)).toEqual(talk.paths.get(one.id));
          talk.forks = now;
        }
      }),
    );
  });

  it('a version that never came to be leaves no trace', () => {
    const [root, second, third] = [newMessageId(), newMessageId(), newMessageId()];
    const first = { id: root, place: 1, branch: null, kind: 'question' as const };
    const two = withFork({}, forkWith({}, first, [], second));
    const three = withFork(two, forkWith(two, first, [], third));
    expect(withoutVersion(three, third)).toEqual(two);
    expect(withoutVersion(two, second)).toEqual({});
    expect(withoutVersion(two, root)).toEqual(two);
  });
});
