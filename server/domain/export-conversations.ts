import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { EarlierText } from '../../protocol/outputs.ts';
import type { ChatMessage, ChatSession, Timestamp } from '../../protocol/shapes.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { rebuildConversation } from './rebuild-conversation.ts';
import { messageParts, sessionParts, toChatMessage, toChatSession } from './shapes.ts';

type Prisma = DomainDeps['database']['prisma'];

/** One conversation as far as the person may see it: as it is now or, where they are no longer, as it was then. */
export interface ExportedConversation {
  session: ChatSession;
  /** Names of everyone who wrote, also of those who left. */
  names: Record<string, string>;
  messages: readonly ChatMessage[];
  /** What messages said before they were edited, by their ids. */
  earlier: Record<string, EarlierText[]>;
  /** When they left; null while they are in it. */
  leftAt: Timestamp | null;
}

const PAGE = 500;

/** Every conversation the person is or was in, one at a time, the newest activity first. */
export async function* exportConversations(
  deps: DomainDeps,
  { userId }: Account,
): AsyncGenerator<ExportedConversation> {
  const { prisma } = deps.database;
  const memberships = await prisma.chatMember.findMany({
    where: { userId },
    orderBy: [{ session: { lastActivity: 'desc' } }, { sessionId: 'asc' }],
  });
  for (const { joinPos, joinSeq, leftPos, leftSeq, leftAt, ...member } of memberships) {
    const sessionId = member.sessionId as SessionId; // written through its schema
    const shown =
      leftPos === null
        ? await readCurrent(prisma, userId, sessionId, joinSeq)
        : await rebuildConversation(prisma, userId, { sessionId, joinPos, leftPos });
    if (!shown) continue;
    const earlier = await earlierTexts(prisma, sessionId, { from: joinSeq, upTo: leftSeq });
    yield { ...shown, earlier, leftAt: leftAt?.toISOString() ?? null };
  }
}

async function readCurrent(
  prisma: Prisma,
  userId: UserId,
  sessionId: SessionId,
  joinSeq: number,
): Promise<Pick<ExportedConversation, 'session' | 'names' | 'messages'> | null> {
  const row = await prisma.chatSession.findUnique({ where: { id: sessionId }, include: sessionParts });
  if (!row) return null;
  const messages = await readMessages(prisma, userId, sessionId, joinSeq);
  const writers = await prisma.user.findMany({
    where: { id: { in: [...new Set(messages.map((message) => message.userId))] } },
    select: { id: true, name: true },
  });
  const names = Object.fromEntries(writers.map(({ id, name }) => [id, name]));
  return { session: toChatSession(row, userId), names, messages };
}

async function readMessages(
  prisma: Prisma,
  userId: UserId,
  sessionId: SessionId,
  joinSeq: number,
): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (let from = joinSeq; ; ) {
    const rows = await prisma.chatMessage.findMany({
      where: { sessionId, seq: { gte: from } },
      orderBy: { seq: 'asc' },
      take: PAGE,
      include: messageParts(userId),
    });
    messages.push(...rows.map(toChatMessage));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return messages;
    from = last.seq + 1;
  }
}

/** An edit's `seq` is that of its event: what was changed after somebody had left, they were never told of. */
async function earlierTexts(
  prisma: Prisma,
  sessionId: SessionId,
  { from, upTo }: { from: number; upTo: number | null },
): Promise<Record<string, EarlierText[]>> {
  const rows = await prisma.messageEdit.findMany({
    where: { message: { sessionId, seq: { gte: from } }, ...(upTo === null ? {} : { seq: { lt: upTo } }) },
    orderBy: { seq: 'asc' },
  });
  const earlier: Record<string, EarlierText[]> = {};
  for (const { messageId, content, until } of rows) {
    earlier[messageId] ??= [];
    earlier[messageId].push({ content, until: until.toISOString() });
  }
  return earlier;
}
