import type { PrismaClient } from './prisma-types.ts';

const REPLIES_AT_MOST = 1_000;

/** Ids of the replies to a message, of the replies to those, and so on. */
export async function repliesUnder(prisma: PrismaClient, messageId: string): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE under AS (
      SELECT id FROM "ChatMessage" WHERE "parentId" = ${messageId}
      UNION
      SELECT m.id FROM "ChatMessage" m JOIN under u ON m."parentId" = u.id
    )
    SELECT id FROM under LIMIT ${REPLIES_AT_MOST}`;
  return rows.map((row) => row.id);
}
