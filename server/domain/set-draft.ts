import type { UserId } from '../../protocol/ids.ts';
import type { StoredDraft } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Tx } from '../store/prisma-types.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';

/** A device's clock may be wrong; one that is ahead must not win for ever. Milliseconds. */
const AHEAD_AT_MOST = 5 * 60_000;

/**
 * Stores what somebody has typed and not sent, for all of their devices. The newest wins: an old one, sent late, is
 * answered with what stands, and nobody is told.
 */
export function setDraft(
  deps: DomainDeps,
  { userId }: Account,
  input: Parsed<'draft.set'>,
): Promise<StoredDraft> {
  const { sessionId, content } = input;
  return deps.log.change(async (change) => {
    await requireMember(change.tx, sessionId, userId);
    const at = new Date(Math.min(Date.parse(input.at), change.now.getTime() + AHEAD_AT_MOST));
    const key = { userId_sessionId: { userId, sessionId } };
    const before = await change.tx.draft.findUnique({ where: key });
    // The same words again are newer words: whatever is between the two in time, and comes later, is old.
    if (before && before.at >= at) return { sessionId, content: before.content, at: before.at.toISOString() };
    const draft = { sessionId, content, at: at.toISOString() };
    const statePos = change.stamp({ userId }, { type: 'draft', ...draft });
    await change.tx.draft.upsert({
      where: key,
      create: { userId, sessionId, content, at, statePos },
      update: { content, at, statePos },
    });
    return draft;
  });
}

/** Every draft of an account, also an emptied one: it is newer than what a device may still hold. */
export async function listDrafts(
  tx: Tx,
  userId: UserId,
  sessionIds: readonly string[],
): Promise<StoredDraft[]> {
  const rows = await tx.draft.findMany({
    where: { userId, sessionId: { in: [...sessionIds] } },
  });
  return rows.map(({ sessionId, content, at }) => ({
    sessionId: sessionId as StoredDraft['sessionId'], // written through its schema
    content,
    at: at.toISOString(),
  }));
}
