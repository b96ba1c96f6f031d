import type pg from 'pg';

export interface SearchFilter {
  /** Who searches. */
  userId: string;
  /** Letters and digits alone. */
  words: readonly string[];
  sessionId?: string | undefined;
  /** Only messages of this author. */
  byUserId: string | null;
  from?: string | undefined;
  to?: string | undefined;
  kind?: 'text' | 'answer' | 'file' | undefined;
  limit: number;
  /** Where the page before ended. */
  after: SearchPlace | null;
}

/** A place in the order of a search: by rank, then newest first. */
export interface SearchPlace {
  rank: number;
  /** Milliseconds since 1970. */
  at: number;
  id: string;
}

export interface FoundRow extends SearchPlace {
  /** The message's text with MARKS around what was found by its English stem. */
  marked: string;
}

/** Of so many of the newest matches the best come first; a word that stands in more messages says little. */
const RANKED_AT_MOST = 2_000;

/** Characters of private use, which no keyboard writes. */
export const MARKS = ['\ue000', '\ue001'] as const;

/**
 * Messages that the account may see and in which every word stands, the best first.
 * @returns up to `limit` + 1
 */
export async function searchSql(pool: pg.Pool, filter: SearchFilter): Promise<FoundRow[]> {
  const result = await pool.query<FoundRow>({ text: SEARCH, values: searchValues(filter) });
  return result.rows;
}

export function searchValues(filter: SearchFilter): unknown[] {
  const { userId, words, sessionId, byUserId, from, to, kind, limit, after } = filter;
  const place = after ? [after.rank, after.at, after.id] : [null, null, null];
  const filters = [sessionId ?? null, byUserId, from ?? null, to ?? null, kind ?? null];
  return [userId, words, ...filters, ...place, limit + 1];
}

// search_query is immutable: planned with its value, the planner sees how rare the words are.
export const SEARCH = `
WITH mine AS MATERIALIZED (
  SELECT "sessionId", "joinSeq" FROM "ChatMember"
  WHERE "userId" = $1 AND "leftPos" IS NULL AND ($3::text IS NULL OR "sessionId" = $3)
),
found AS MATERIALIZED (
  SELECT m.id, m."createdAt", m.words FROM mine CROSS JOIN LATERAL (
    SELECT c.id, c."createdAt", c.words FROM "ChatMessage" c
    WHERE c."sessionId" = mine."sessionId" AND c.words @@ search_query($2::text[]) AND c.seq >= mine."joinSeq"
      AND c."deletedAt" IS NULL AND ($4::text IS NULL OR c."userId" = $4)
      AND ($5::timestamptz IS NULL OR c."createdAt" >= $5) AND ($6::timestamptz IS NULL OR c."createdAt" <= $6)
      AND ($7::text IS NULL OR ($7 = 'text' AND c.role = 'user') OR ($7 = 'answer' AND c.role = 'assistant')
        OR ($7 = 'file' AND c."fileNames" <> ''))
  ) m
  ORDER BY m."createdAt" DESC, m.id DESC LIMIT ${RANKED_AT_MOST}
),
ranked AS (
  SELECT id, (extract(epoch FROM "createdAt") * 1000)::float8 AS at,
    (ts_rank(words, search_query($2::text[]), 1) * 1000)::int AS rank
  FROM found
),
page AS (
  SELECT * FROM ranked
  WHERE $8::int IS NULL OR (rank, at, id) < ($8::int, $9::float8, $10::text)
  ORDER BY rank DESC, at DESC, id DESC LIMIT $11
)
SELECT p.id, p.at, p.rank, ts_headline('chat_english', m.content, search_query($2::text[]),
  'HighlightAll=true, StartSel=${MARKS[0]}, StopSel=${MARKS[1]}') AS marked
FROM page p JOIN "ChatMessage" m ON m.id = p.id
ORDER BY p.rank DESC, p.at DESC, p.id DESC`;
