import { describe, expect, it } from 'vitest';
import { newSessionId, newUserId } from '../../protocol/ids.ts';
import { messageRowOf } from '../../tests/support/messages.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { layOut } from './group-messages.ts';

const [me, ben, sessionId] = [newUserId(), newUserId(), newSessionId()];
let seq = 0;
const message = (userId: typeof me, createdAt: string, more: Partial<MessageRow> = {}) => {
  seq += 1;
  return messageRowOf({ sessionId, seq, userId, content: 'x', createdAt, ...more });
};
const kinds = (lines: ReturnType<typeof layOut>) =>
  lines.flatMap((line) => [
    ...(line.startsDay ? ['day'] : []),
    ...(line.startsNew ? ['new'] : []),
    `${line.startsGroup ? '[' : ''}m${line.endsGroup ? ']' : ''}`,
  ]);

describe('the message list', () => {
  it('groups what one author wrote within a minute, and parts days', () => {
    const rows = [
      message(ben, '2026-11-20T10:00:00.000Z'),
      message(ben, '2026-11-20T10:00:30.000Z'),
      message(me, '2026-11-20T10:00:40.000Z'),
      message(me, '2026-11-20T10:05:00.000Z'),
      message(me, '2026-11-22T10:05:00.000Z'),
    ];
    expect(kinds(layOut(rows, me, null))).toEqual(['day', '[m', 'm]', '[m]', '[m]', 'day', '[m]']);
  });

  it('stands a divider before the first message of others that was unread', () => {
    const rows = [
      message(ben, '2026-11-20T10:00:00.000Z'),
      message(me, '2026-11-20T10:01:00.000Z'),
      message(ben, '2026-11-20T10:02:00.000Z'),
    ];
    expect(kinds(layOut(rows, me, rows[1]?.sortKey ?? 0))).toEqual(['day', '[m]', '[m]', 'new', '[m]']);
  });
});
