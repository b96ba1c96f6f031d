import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Memory } from '../../protocol/memory.ts';
import type { StoredDraft } from '../../protocol/procedures.ts';
import type { Project } from '../../protocol/project.ts';
import type { ChatMessage, ChatSession, Me } from '../../protocol/shapes.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { getMe } from './me.ts';
import { listMemories } from './read-memories.ts';
import { listProjects } from './read-projects.ts';
import { listDrafts } from './set-draft.ts';
import { messageParts, sessionParts, toChatMessage, toChatSession } from './shapes.ts';

/** What is kept of a person, but for the conversations. */
export interface ExportedAccount {
  exportedAt: string;
  me: Me;
  projects: Project[];
  memories: Memory[];
  drafts: StoredDraft[];
}

/** One conversation as far as the person may see it: from joining to leaving. */
export interface ExportedConversation {
  session: ChatSession;
  /** Names of everyone who wrote, also of those who left. */
  names: Record<string, string>;
  messages: ChatMessage[];
}

const PAGE = 500;

export async function exportAccount(deps: DomainDeps, account: Account): Promise<ExportedAccount> {
  const { prisma } = deps.database;
  const { userId } = account;
  const memberships = await prisma.chatMember.findMany({ where: { userId }, select: { sessionId: true } });
  return {
    exportedAt: new Date().toISOString(),
    me: await getMe(prisma, userId),
    projects: await listProjects(prisma, userId),
    memories: await listMemories(prisma, userId),
    drafts: await listDrafts(
      prisma,
      userId,
      memberships.map((member) => member.sessionId),
    ),
  };
}

/** Every conversation the person is or was in, one at a time, the newest activity first. */
export async function* exportConversations(
  deps: DomainDeps,
  { userId }: Account,
): AsyncGenerator<ExportedConversation> {
  const { prisma } = deps.database;
  const memberships = await prisma.chatMember.findMany({
    where: { userId },
    orderBy: [{ session: { lastActivity: 'desc' } }, { sessionId: 'asc' }],
    select: { sessionId: true, joinSeq: true, leftSeq: true },
  });
  for (const { sessionId, joinSeq, leftSeq } of memberships) {
    const row = await prisma.chatSession.findUnique({ where: { id: sessionId }, include: sessionParts });
    if (!row) continue;
    // Written through its schema.
    const messages = await readVisible(deps, userId, sessionId as SessionId, joinSeq, leftSeq);
    const writers = await prisma.user.findMany({
      where: { id: { in: [...new Set(messages.map((message) => message.userId))] } },
      select: { id: true, name: true },
    });
    const names = Object.fromEntries(writers.map(({ id, name }) => [id, name]));
    yield { session: toChatSession(row, userId), names, messages };
  }
}

async function readVisible(
  deps: DomainDeps,
  userId: UserId,
  sessionId: SessionId,
  joinSeq: number,
  leftSeq: number | null,
): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = [];
  for (let from = joinSeq; ; ) {
    const rows = await deps.database.prisma.chatMessage.findMany({
      where: { sessionId, seq: { gte: from, ...(leftSeq === null ? {} : { lt: leftSeq }) } },
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
