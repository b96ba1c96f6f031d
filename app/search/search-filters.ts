import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Input } from '../../protocol/procedures.ts';
import type { MessageRow } from '../local-db/rows.ts';

export type Kind = 'text' | 'answer' | 'file';
export type Since = 'day' | 'week' | 'month' | 'year';

/** What a search is narrowed to; null: everything. */
export interface SearchFilters {
  kind: Kind | null;
  since: Since | null;
  sessionId: SessionId | null;
  userId: UserId | null;
}

export const noFilters: SearchFilters = { kind: null, since: null, sessionId: null, userId: null };

const days: Record<Since, number> = { day: 1, week: 7, month: 31, year: 366 };

/** The first moment that counts: whole days, so that the same search stays the same all day. */
function beginningOf(since: Since, now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days[since] + 1);
  return day.toISOString();
}

export function asServerFilters(
  { kind, since, sessionId, userId }: SearchFilters,
  now = new Date(),
): Partial<Input<'message.search'>> {
  return {
    ...(kind ? { kind } : {}),
    ...(since ? { from: beginningOf(since, now) } : {}),
    ...(sessionId ? { sessionId } : {}),
    ...(userId ? { userId } : {}),
  };
}

/** The same, for what is on this device. */
export function matchesFilters(row: MessageRow, filters: SearchFilters, now = new Date()): boolean {
  const { kind, since, sessionId, userId } = filters;
  if (kind === 'file' && row.attachments.length === 0) return false;
  if (kind === 'text' && row.role !== 'user') return false;
  if (kind === 'answer' && row.role !== 'assistant') return false;
  if (since && row.createdAt < beginningOf(since, now)) return false;
  return (!sessionId || row.sessionId === sessionId) && (!userId || row.userId === userId);
}
