import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { StoredMine } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { readMine } from './mine.ts';
import { readSession, sessionParts, toChatSession } from './shapes.ts';

/**
 * Conversations of a person, newest activity first. `archived` true lists the archived ones, otherwise the active.
 * @param account who asks: their own mark alone shows what is hidden from others
 * @param of whose they are
 */
export async function listSessions(
  deps: DomainDeps,
  account: Pick<Account, 'userId'>,
  input: Parsed<'session.list'>,
  of: UserId = account.userId,
): Promise<ChatSession[]> {
  const rows = await deps.database.prisma.chatSession.findMany({
    where: { isActive: !input.archived, members: { some: { userId: of, leftPos: null } } },
    include: sessionParts,
    orderBy: [{ lastActivity: 'desc' }, { id: 'desc' }],
  });
  return rows.map((row) => toChatSession(row, account.userId));
}

/** One conversation, and what the asking person has made of it. */
export async function getSession(
  deps: DomainDeps,
  account: Account,
  sessionId: SessionId,
): Promise<ChatSession & Pick<StoredMine, 'mine'>> {
  const { prisma } = deps.database;
  await requireMember(prisma, sessionId, account.userId);
  const session = await readSession(prisma, sessionId, account.userId);
  return { ...session, mine: await readMine(prisma, account.userId, sessionId) };
}
