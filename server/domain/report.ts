import { ChatError } from '../../protocol/errors.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { ReportRow } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { requireSeenMessage } from './access.ts';
import type { Account } from './account.ts';
import { requireMet } from './blocks.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';

/**
 * Tells the staff of a person, or of one message, whose words are kept as they stand now: those that a former member
 * saw, as they stood when they left.
 */
export function report(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'people.report'>,
): Promise<{ reportId: string; duplicate: boolean }> {
  const { mutationId, messageId = null, userId = null, reason } = input;
  return once(deps.log, account, 'people.report', input, async (change) => {
    const { tx } = change;
    const told = messageId ? await requireSeenMessage(tx, messageId, account.userId) : null;
    const personId = told?.message.userId ?? userId;
    if (!personId) throw new ChatError('INVALID_INPUT', 'Say which message or which person this is about.');
    if (personId === account.userId) throw new ChatError('CONFLICT', 'You cannot report yourself.');
    if (!told) await requireMet(tx, account.userId, personId as UserId); // written through its schema
    await tx.report.create({
      data: {
        id: mutationId,
        reporterId: account.userId,
        personId,
        messageId,
        sessionId: told?.sessionId ?? null,
        content: told?.message.content ?? null,
        reason,
        createdAt: change.now,
      },
    });
    return { reportId: mutationId };
  });
}

const AT_MOST = 200;

/** What has been reported: open ones first, newest first. For administrators. */
export async function listReports(deps: DomainDeps, account: Account): Promise<{ reports: ReportRow[] }> {
  requireAdministrator(account);
  const { prisma } = deps.database;
  const rows = await prisma.report.findMany({
    orderBy: [{ resolvedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
    take: AT_MOST,
  });
  const people = await prisma.user.findMany({
    where: { id: { in: rows.flatMap((row) => [row.reporterId, row.personId]) } },
    select: { id: true, name: true },
  });
  const named = (id: string) => ({
    userId: id as UserId, // written through its schema
    name: people.find((person) => person.id === id)?.name ?? '',
  });
  return {
    reports: rows.map((row) => ({
      id: row.id,
      reporter: named(row.reporterId),
      person: named(row.personId),
      // As above.
      messageId: row.messageId as MessageId | null,
      sessionId: row.sessionId as SessionId | null,
      content: row.content,
      reason: row.reason,
      createdAt: row.createdAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
    })),
  };
}

/** Marks a report as dealt with. */
export function resolveReport(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'report.resolve'>,
): Promise<{ reportId: string; duplicate: boolean }> {
  requireAdministrator(account);
  return once(deps.log, account, 'report.resolve', input, async (change) => {
    const { count } = await change.tx.report.updateMany({
      where: { id: input.reportId, resolvedAt: null },
      data: { resolvedAt: change.now, resolvedBy: account.userId },
    });
    if (count === 0 && !(await change.tx.report.findUnique({ where: { id: input.reportId } }))) {
      throw new ChatError('NOT_FOUND', 'There is no such report.');
    }
    return { reportId: input.reportId };
  });
}

function requireAdministrator(account: Account): void {
  if (account.role !== 'admin')
    throw new ChatError('FORBIDDEN', 'Only administrators see what was reported.');
}
