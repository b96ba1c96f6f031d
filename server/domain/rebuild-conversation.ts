import { applyEvent, asTombstone, type SessionCopy } from '../../protocol/apply-event.ts';
import { DurableEvent } from '../../protocol/events.ts';
import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import type { DomainDeps } from './deps.ts';
import { messageParts, toChatMessage } from './shapes.ts';

type Prisma = DomainDeps['database']['prisma'];

/** Between which positions of the log somebody was in a conversation. */
export interface Stay {
  sessionId: SessionId;
  joinPos: bigint;
  leftPos: bigint;
}

export interface Rebuilt extends SessionCopy {
  /** Of everyone who was in it meanwhile, as they were called then. */
  names: Record<string, string>;
}

const PAGE = 500;

/**
 * A conversation as it stood for somebody when they left: what the log told them until then.
 * @returns null when the log knows of no such stay
 */
export async function rebuildConversation(
  prisma: Prisma,
  userId: UserId,
  { sessionId, joinPos, leftPos }: Stay,
): Promise<Rebuilt | null> {
  let copy: SessionCopy | null = null;
  const names: Record<string, string> = {};
  for (let from = joinPos; ; ) {
    const rows: { pos: bigint; payload: unknown }[] = await prisma.chatEvent.findMany({
      where: { sessionId, pos: { gte: from, lt: leftPos } },
      orderBy: { pos: 'asc' },
      take: PAGE,
      select: { pos: true, payload: true },
    });
    for (const { payload } of rows) {
      copy = applyEvent(copy, DurableEvent.parse(payload), userId);
      for (const member of copy?.session.members ?? []) names[member.userId] = member.name;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    from = last.pos + 1n;
  }
  if (!copy) return null;
  return { session: copy.session, messages: await withRows(prisma, userId, copy), names };
}

/** One's own star and feedback stand in rows of their own; and the words of what was deleted since are nowhere. */
async function withRows(
  prisma: Prisma,
  userId: UserId,
  { session, messages }: SessionCopy,
): Promise<ChatMessage[]> {
  const mine = { some: { userId } };
  const rows = await prisma.chatMessage.findMany({
    where: {
      sessionId: session.id,
      OR: [{ stars: mine }, { feedback: mine }, { deletedAt: { not: null } }],
    },
    include: messageParts(userId),
  });
  const now = new Map(rows.map((row) => [row.id, toChatMessage(row)]));
  return messages.map((message) => {
    const row = now.get(message.id);
    if (!row) return message;
    const { feedback, starredAt, deletedAt, withdrawn } = row;
    return deletedAt ? asTombstone(message, deletedAt, withdrawn) : { ...message, feedback, starredAt };
  });
}
