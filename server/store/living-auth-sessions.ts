import type { Database } from './database.ts';

/** Which of these auth sessions are still valid. */
export async function livingAuthSessions({ prisma }: Database, ids: string[]): Promise<string[]> {
  const rows = await prisma.authSession.findMany({
    where: { id: { in: ids }, expiresAt: { gt: new Date() } },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}
