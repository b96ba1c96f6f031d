import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { SessionSnapshot, Snapshot } from '../../protocol/outputs.ts';
import { isUnread } from '../../protocol/unread.ts';
import { readHeadIn } from '../store/head-sql.ts';
import type { Tx } from '../store/prisma-types.ts';
import type { DomainDeps } from './deps.ts';
import { listFormerMembers } from './former-members.ts';
import { getMe } from './me.ts';
import { listMine, listThreadMarks } from './mine.ts';
import { listMemories } from './read-memories.ts';
import { listProjects } from './read-projects.ts';
import { listDrafts } from './set-draft.ts';
import { messageParts, sessionParts, toChatMessage, toChatSession } from './shapes.ts';

/**
 * All conversations of an account, each with its newest messages, as of one position of the log: old snapshot +
 * events after `pos` = fresh snapshot (invariant 10).
 */
export function takeSnapshot(
  deps: DomainDeps,
  userId: UserId,
): Promise<Omit<Snapshot, 'cursor' | 'presence'> & { epoch: string; pos: number }> {
  return deps.database.prisma.$transaction(
    async (tx) => {
      const head = await readHeadIn(tx);
      const memberships = await tx.chatMember.findMany({ where: { userId, leftPos: null } });
      const memberOf = new Map(memberships.map((m) => [m.sessionId, m]));
      const ids = [...memberOf.keys()];
      const rows = await tx.chatSession.findMany({
        where: { id: { in: ids } },
        include: sessionParts,
        orderBy: [{ lastActivity: 'desc' }, { id: 'desc' }],
      });
      const sessions: SessionSnapshot[] = [];
      for (const row of rows) {
        const { joinSeq = 1, readSeq = row.lastSeq } = memberOf.get(row.id) ?? {};
        const newest = await tx.chatMessage.findMany({
          where: { sessionId: row.id as SessionId, seq: { gte: joinSeq } },
          orderBy: { seq: 'desc' },
          take: limits.messagesPerSessionInSnapshot + 1,
          include: messageParts(userId),
        });
        const hasMore = newest.length > limits.messagesPerSessionInSnapshot;
        const messages = newest.slice(0, limits.messagesPerSessionInSnapshot).reverse().map(toChatMessage);
        const begin = hasMore ? (messages[0]?.seq ?? 0) : 0;
        const unread =
          messages.filter((message) => isUnread(message, userId, readSeq)).length +
          (await countUnread(tx, row.id, userId, Math.max(readSeq, joinSeq - 1), begin));
        sessions.push({ ...toChatSession(row, userId), messages, hasMore, unread });
      }
      return {
        ...head,
        sessions,
        drafts: await listDrafts(tx, userId, ids),
        mine: await listMine(tx, userId, ids),
        threads: await listThreadMarks(tx, userId, ids),
        projects: await listProjects(tx, userId),
        memories: await listMemories(tx, userId),
        former: await listFormerMembers(tx, userId, ids),
        me: await getMe(tx, userId),
      };
    },
    { isolationLevel: 'RepeatableRead', timeout: 20_000, maxWait: 10_000 },
  );
}

/** As `isUnread` counts, between two seqs, both of them left out. */
async function countUnread(
  tx: Tx,
  sessionId: string,
  userId: UserId,
  after: number,
  before: number,
): Promise<number> {
  if (before <= after + 1) return 0;
  return tx.chatMessage.count({
    where: {
      sessionId,
      seq: { gt: after, lt: before },
      userId: { not: userId },
      deletedAt: null,
      messageType: { not: 'error' },
    },
  });
}
