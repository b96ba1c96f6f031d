import type pg from 'pg';

export interface SearchFilter {
  /** Who searches. */
  userId: string;
  words: readonly string[];
  sessionId?: string | undefined;
  /** Only messages of this author. */
  byUserId: string | null;
  from?: string | undefined;
  to?: string | undefined;
  kind?: 'text' | 'answer' | 'file' | undefined;
  limit: number;
  /** Id of the last hit of the page before. */
  after?: string | undefined;
}

/** @returns ids of up to `limit` + 1 messages in which every word stands (as a beginning), newest first. */
export async function searchSql(pool: pg.Pool, filter: SearchFilter): Promise<string[]> {
  const query = filter.words.map((word) => `'${word}':*`).join(' & ');
  const result = await pool.query<{ id: string }>(
    `SELECT m.id FROM "ChatMessage" m
     JOIN "ChatMember" c ON c."sessionId" = m."sessionId" AND c."userId" = $1 AND c."leftPos" IS NULL AND m.seq >= c."joinSeq"
     WHERE to_tsvector('simple', m.content) @@ to_tsquery('simple', $2) AND m."deletedAt" IS NULL
       AND ($3::text IS NULL OR m."sessionId" = $3) AND ($4::text IS NULL OR m."userId" = $4)
       AND ($5::timestamptz IS NULL OR m."createdAt" >= $5) AND ($6::timestamptz IS NULL OR m."createdAt" <= $6)
       AND ($7::text IS NULL OR ($7 = 'text' AND m.role = 'user') OR ($7 = 'answer' AND m.role = 'assistant'))
       AND ($8::text IS NULL OR (m."createdAt", m.id) < (SELECT a."createdAt", a.id FROM "ChatMessage" a WHERE a.id = $8))
     ORDER BY m."createdAt" DESC, m.id DESC LIMIT $9`,
    [
      filter.userId,
      query,
      filter.sessionId ?? null,
      filter.byUserId,
      filter.from ?? null,
      filter.to ?? null,
      filter.kind ?? null,
      filter.after ?? null,
      filter.limit + 1,
    ],
  );
  return result.rows.map((row) => row.id);
}
