import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

/**
 * A cursor says "everything up to `pos` of database `epoch`", and to whom that was said: to one account (`u…`), or to
 * the members of one session (`s…`), because a frame of the stream is the same bytes for all of them. Whoever was not
 * told has a foreign cursor (invariant 9).
 */
export interface Cursor {
  epoch: string;
  pos: number;
  /** `u` or `s` and the id without dashes. */
  scope: string;
}

export const accountScope = (userId: UserId) => `u${userId.replaceAll('-', '')}`;
export const sessionScope = (sessionId: string) => `s${sessionId.replaceAll('-', '')}`;

export function encodeCursor(epoch: string, pos: number, scope: string): string {
  return `${epoch}.${pos.toString(36)}.${scope}`;
}

/** @returns null for anything that this product never wrote. */
export function decodeCursor(text: string): Cursor | null {
  if (text.length > limits.cursorLength) return null;
  const match = /^([0-9a-z]{1,16})\.([0-9a-z]{1,11})\.([us][0-9a-z]{1,34})$/.exec(text);
  if (!match) return null;
  const [, epoch = '', pos = '', scope = ''] = match;
  const parsed = Number.parseInt(pos, 36);
  return Number.isSafeInteger(parsed) ? { epoch, pos: parsed, scope } : null;
}

/** True when this account was ever given a cursor of that scope and position. */
export function isOwnCursor(
  cursor: Cursor,
  userId: UserId,
  memberships: readonly { sessionId: string | SessionId; joinPos: number }[],
): boolean {
  if (cursor.scope === accountScope(userId)) return true;
  return memberships.some((m) => sessionScope(m.sessionId) === cursor.scope && cursor.pos >= m.joinPos);
}
