import type { SessionId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { SessionSnapshot, Snapshot } from '../../protocol/outputs.ts';
import { readHeadIn } from '../store/head-sql.ts';
import type { DomainDeps } from './deps.ts';
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
      const joinSeq = new Map(memberships.map((m) => [m.sessionId, m.joinSeq]));
      const ids = [...joinSeq.keys()];
      const rows = await tx.chatSession.findMany({
        where: { id: { in: ids } },
        include: sessionParts,
        orderBy: [{ lastActivity: 'desc' }, { id: 'desc' }],
      });
      const sessions: SessionSnapshot[] = [];
      for (const row of rows) {
        const newest = await tx.chatMessage.findMany({
          where: { sessionId: row.id as SessionId, seq: { gte: joinSeq.get(row.id) ?? 1 } },
          orderBy: { seq: 'desc' },
          take: limits.messagesPerSessionInSnapshot + 1,
          include: messageParts(userId),
        });
        const hasMore = newest.length > limits.messagesPerSessionInSnapshot;
        const messages = newest.slice(0, limits.messagesPerSessionInSnapshot).reverse().map(toChatMessage);
        sessions.push({ ...toChatSession(row, userId), messages, hasMore });
      }
      return {
        ...head,
        sessions,
        drafts: await listDrafts(tx, userId, ids),
        mine: await listMine(tx, userId, ids),
        threads: await listThreadMarks(tx, userId, ids),
        projects: await listProjects(tx, userId),
        memories: await listMemories(tx, userId),
      };
    },
    { isolationLevel: 'RepeatableRead', timeout: 20_000, maxWait: 10_000 },
  );
}
