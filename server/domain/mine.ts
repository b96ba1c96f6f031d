import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { StoredMine, ThreadMark } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { SessionMine } from '../../protocol/shapes.ts';
import type { Prisma, Tx } from '../store/prisma-types.ts';
import { noSuchMessage, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';

type MineRow = Prisma.SessionMineGetPayload<object>;

/**
 * What one person makes of a conversation: pinned, muted, archived, marked unread. The newest value goes to their own
 * devices; nobody else is told. What is not named stays.
 */
export function setMine(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.mine'>,
): Promise<StoredMine & { duplicate: boolean }> {
  const { sessionId, pinned, mutedUntil, archived, markedUnread } = input;
  const { userId } = account;
  return once(deps.log, account, 'session.mine', input, async (change) => {
    await requireMember(change.tx, sessionId, userId);
    const key = { userId_sessionId: { userId, sessionId } };
    const before = await change.tx.sessionMine.findUnique({ where: key });
    const since = (on: boolean | undefined, was: Date | null | undefined) =>
      on === undefined ? (was ?? null) : on ? (was ?? change.now) : null;
    const row = {
      pinnedAt: since(pinned, before?.pinnedAt),
      archivedAt: since(archived, before?.archivedAt),
      mutedUntil:
        mutedUntil === undefined
          ? (before?.mutedUntil ?? null)
          : mutedUntil === null
            ? null
            : new Date(mutedUntil),
      markedUnread: markedUnread ?? before?.markedUnread ?? false,
    };
    const mine = toMine(row);
    const statePos = change.stamp({ userId }, { type: 'session.mine', sessionId, mine });
    await change.tx.sessionMine.upsert({
      where: key,
      create: { userId, sessionId, ...row, statePos },
      update: { ...row, statePos },
    });
    return { sessionId, mine };
  });
}

/** How far a thread was read, for one's own devices. Moves forward only, never past the conversation's last event. */
export function markThread(
  deps: DomainDeps,
  { userId }: Account,
  { sessionId, messageId, readSeq }: Parsed<'thread.read'>,
): Promise<ThreadMark> {
  return deps.log.change(async (change) => {
    const { message } = await requireMessage(change.tx, messageId, userId);
    if (message.sessionId !== sessionId) throw noSuchMessage();
    const { lastSeq } = await change.tx.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
    const key = { userId_messageId: { userId, messageId } };
    const before = await change.tx.threadMark.findUnique({ where: key });
    const seq = Math.max(before?.readSeq ?? 0, Math.min(readSeq, lastSeq));
    const mark = { sessionId, messageId, readSeq: seq };
    if (before && before.readSeq === seq) return mark;
    const statePos = change.stamp({ userId }, { type: 'thread.read', ...mark });
    await change.tx.threadMark.upsert({
      where: key,
      create: { userId, ...mark, statePos },
      update: { readSeq: seq, statePos },
    });
    return mark;
  });
}

export async function readMine(tx: Tx, userId: UserId, sessionId: SessionId): Promise<SessionMine> {
  const row = await tx.sessionMine.findUnique({ where: { userId_sessionId: { userId, sessionId } } });
  return row ? toMine(row) : SessionMine.parse({});
}

export async function listMine(tx: Tx, userId: UserId, sessionIds: readonly string[]): Promise<StoredMine[]> {
  const rows = await tx.sessionMine.findMany({ where: { userId, sessionId: { in: [...sessionIds] } } });
  return rows.map((row) => ({ sessionId: row.sessionId as SessionId, mine: toMine(row) })); // written through its schema
}

export async function listThreadMarks(
  tx: Tx,
  userId: UserId,
  sessionIds: readonly string[],
): Promise<ThreadMark[]> {
  const rows = await tx.threadMark.findMany({ where: { userId, sessionId: { in: [...sessionIds] } } });
  return rows.map(({ sessionId, messageId, readSeq }) => ({
    // Written through their schemas.
    sessionId: sessionId as SessionId,
    messageId: messageId as MessageId,
    readSeq,
  }));
}

function toMine(row: Omit<MineRow, 'userId' | 'sessionId' | 'statePos'>): SessionMine {
  return {
    pinnedAt: row.pinnedAt?.toISOString() ?? null,
    mutedUntil: row.mutedUntil?.toISOString() ?? null,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    markedUnread: row.markedUnread,
  };
}
