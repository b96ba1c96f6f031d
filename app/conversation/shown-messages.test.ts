import { describe, expect, it } from 'vitest';
import type { Forks } from '../../protocol/forks.ts';
import { newMessageId, newMutationId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { messageRowOf, doneTurn as turn } from '../../tests/support/messages.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { shownMessages } from './shown-messages.ts';

const [me, sessionId] = [newUserId(), newSessionId()];
const row = (seq: number, content: string, more: Partial<MessageRow> = {}) =>
  messageRowOf({ sessionId, seq, userId: me, content, ...more });
const texts = (rows: readonly MessageRow[], forks: Forks = {}) =>
  shownMessages(rows, forks).shown.map(({ content }) => content);

describe('a conversation with versions', () => {
  it('shows the newest version of an answer where it was kept nowhere which one is shown', () => {
    const first = row(2, 'one', { turn });
    const rows = [
      row(1, 'q'),
      first,
      row(3, 'thanks'),
      row(4, 'two', { turn: { ...turn, versionOf: first.id } }),
    ];
    expect(texts(rows)).toEqual(['q', 'two', 'thanks']);
  });

  it('shows the one that was chosen, and leaves one out whose question is not loaded', () => {
    const first = row(2, 'one', { turn });
    const second = row(4, 'two', { turn: { ...turn, versionOf: first.id } });
    const rows = [row(1, 'q'), first, row(3, 'thanks'), second];
    const fork = { root: first.id, kind: 'answer' as const, at: 2, in: null, all: [first.id, second.id] };
    expect(texts(rows, { [first.id]: { ...fork, shown: first.id } })).toEqual(['q', 'one', 'thanks']);
    expect(texts(rows.slice(2), { [first.id]: { ...fork, shown: second.id } })).toEqual(['thanks']);
  });

  it('shows a question in another version, which waits here, in place of what followed the first', () => {
    const rows = [row(1, 'q1'), row(2, 'a1', { turn }), row(3, 'q2'), row(4, 'a2', { turn })];
    const root = rows[2]?.id ?? newMessageId();
    const local = { mutationId: newMutationId(), state: 'queued' as const, error: null };
    const waiting = row(0, 'q2, better', { sortKey: 1e12 + 1, branchOf: root, local });
    const behind = row(0, 'and more', { sortKey: 1e12 + 2, branch: waiting.id, local });
    expect(texts([...rows, waiting, behind])).toEqual(['q1', 'a1', 'q2, better', 'and more']);
  });

  it('hides what was said after another version, also when neither question is loaded', () => {
    const [root, other] = [newMessageId(), newMessageId()];
    const fork = { root, kind: 'question' as const, at: 1, in: null, all: [root, other] };
    const rows = [row(9, 'after the first'), row(10, 'after the other', { branch: other })];
    expect(texts(rows, { [root]: { ...fork, shown: other } })).toEqual(['after the other']);
    expect(texts(rows, { [root]: { ...fork, shown: root } })).toEqual(['after the first']);
  });
});
