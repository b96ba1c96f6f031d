import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { Memory } from '../../protocol/memory.ts';
import type { StoredDraft, StoredMine, ThreadMark } from '../../protocol/outputs.ts';
import type { Project } from '../../protocol/project.ts';
import type { FeedbackValue, Me, Timestamp } from '../../protocol/shapes.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { getMe } from './me.ts';
import { listMine, listThreadMarks } from './mine.ts';
import { listMemories } from './read-memories.ts';
import { listProjects } from './read-projects.ts';
import { listDrafts } from './set-draft.ts';

type Prisma = DomainDeps['database']['prisma'];

interface Place {
  sessionId: SessionId;
  messageId: MessageId;
}

/** What is kept of a person, but for the conversations. */
export interface ExportedAccount {
  exportedAt: string;
  me: Me;
  projects: Project[];
  memories: Memory[];
  drafts: StoredDraft[];
  /** Conversations that they pinned, muted, archived or marked unread for themselves. */
  mine: StoredMine[];
  /** How far they have read which thread. */
  threads: ThreadMark[];
  stars: (Place & { starredAt: Timestamp })[];
  feedback: (Place & { value: FeedbackValue; reason: string | null })[];
  /** What they told the staff of. */
  reports: {
    personId: string;
    messageId: string | null;
    content: string | null;
    reason: string;
    createdAt: Timestamp;
  }[];
}

export async function exportAccount(deps: DomainDeps, account: Account): Promise<ExportedAccount> {
  const { prisma } = deps.database;
  const { userId } = account;
  const memberships = await prisma.chatMember.findMany({ where: { userId }, select: { sessionId: true } });
  const sessionIds = memberships.map((member) => member.sessionId);
  return {
    exportedAt: new Date().toISOString(),
    me: await getMe(prisma, userId),
    projects: await listProjects(prisma, userId),
    memories: await listMemories(prisma, userId),
    drafts: (await listDrafts(prisma, userId, sessionIds)).filter(({ content }) => content !== ''),
    mine: await listMine(prisma, userId, sessionIds),
    threads: await listThreadMarks(prisma, userId, sessionIds),
    stars: await starsOf(prisma, userId),
    feedback: await feedbackOf(prisma, userId),
    reports: await reportsOf(prisma, userId),
  };
}

const inSession = { message: { select: { sessionId: true } } } as const;
const placeOf = (row: { messageId: string; message: { sessionId: string } }): Place => ({
  // Written through their schemas.
  sessionId: row.message.sessionId as SessionId,
  messageId: row.messageId as MessageId,
});

async function starsOf(prisma: Prisma, userId: UserId): Promise<ExportedAccount['stars']> {
  const rows = await prisma.messageStar.findMany({
    where: { userId },
    orderBy: { starredAt: 'asc' },
    include: inSession,
  });
  return rows.flatMap((row) =>
    row.starredAt ? [{ ...placeOf(row), starredAt: row.starredAt.toISOString() }] : [],
  );
}

async function feedbackOf(prisma: Prisma, userId: UserId): Promise<ExportedAccount['feedback']> {
  const rows = await prisma.messageFeedback.findMany({
    where: { userId },
    orderBy: { updatedAt: 'asc' },
    include: inSession,
  });
  return rows.flatMap((row) =>
    // As placeOf.
    row.value ? [{ ...placeOf(row), value: row.value as FeedbackValue, reason: row.reason }] : [],
  );
}

async function reportsOf(prisma: Prisma, userId: UserId): Promise<ExportedAccount['reports']> {
  const rows = await prisma.report.findMany({ where: { reporterId: userId }, orderBy: { createdAt: 'asc' } });
  return rows.map(({ personId, messageId, content, reason, createdAt }) => ({
    personId,
    messageId,
    content,
    reason,
    createdAt: createdAt.toISOString(),
  }));
}
