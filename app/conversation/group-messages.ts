import type { UserId } from '../../protocol/ids.ts';
import { isSameDay } from '../inbox/when.ts';
import type { MessageRow } from '../local-db/rows.ts';

/**
 * One line of the message list. Dividers belong to the message below them: a line of their own would be what the list
 * holds on to when older messages come in above it, and they move.
 */
export interface Line {
  message: MessageRow;
  /** First of its day. */
  startsDay: boolean;
  /** First that was unread when the conversation was opened. */
  startsNew: boolean;
  startsGroup: boolean;
  endsGroup: boolean;
}

const GROUP_MS = 60_000;

/**
 * Lays messages out: a divider before each day, one before the first unread, and bubbles of one author within a minute
 * as a group.
 * @param newFrom sort key of the first message that was unread when the conversation was opened
 */
export function layOut(messages: readonly MessageRow[], me: UserId, newFrom: number | null): Line[] {
  const firstNew =
    newFrom === null ? null : messages.find((one) => one.sortKey >= newFrom && one.userId !== me);
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    return {
      message,
      startsDay: !before || !isSameDay(before.createdAt, message.createdAt),
      startsNew: message === firstNew,
      startsGroup: !before || !isOneGroup(before, message),
      endsGroup: !after || !isOneGroup(message, after),
    };
  });
}

function isOneGroup(a: MessageRow, b: MessageRow): boolean {
  const apart = Date.parse(b.createdAt) - Date.parse(a.createdAt);
  return (
    a.userId === b.userId &&
    a.turn === null &&
    b.turn === null &&
    Math.abs(apart) < GROUP_MS &&
    isSameDay(a.createdAt, b.createdAt)
  );
}
