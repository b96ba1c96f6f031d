import type pg from 'pg';

export interface Claim {
  userId: string;
  messageId: string;
  sessionId: string;
  /** In their order, each once. */
  attachmentIds: readonly string[];
}

/**
 * Claims files for a message and lets go of those that it claimed before and no longer names. One that was sent stays as
 * it is. What was claimed for another message can be had only once that one was sent without it.
 * @returns how many of them are now claimed for the message, or had been
 */
export async function claimSql(pool: pg.Pool, claim: Claim): Promise<number> {
  const result = await pool.query<{ count: number }>(
    `WITH listed AS (
       SELECT a.id, a."messageId", i.ord FROM unnest($4::text[]) WITH ORDINALITY AS i(id, ord)
       JOIN "Attachment" a ON a.id = i.id
       WHERE a."ownerId" = $1 AND a."sessionId" = $3 AND a.status = 'ready'
     ),
     sent AS (SELECT FROM listed WHERE "messageId" = $2),
     claimed AS (
       UPDATE "Attachment" a SET "claimedBy" = $2, place = l.ord FROM listed l
       WHERE a.id = l.id AND a."messageId" IS NULL AND (
         coalesce(a."claimedBy", $2) = $2 OR EXISTS (SELECT FROM "ChatMessage" m WHERE m.id = a."claimedBy"))
       RETURNING a.id
     ),
     released AS (
       UPDATE "Attachment" a SET "claimedBy" = NULL
       WHERE a."claimedBy" = $2 AND a."ownerId" = $1 AND a."messageId" IS NULL AND a.id <> ALL ($4::text[])
     )
     SELECT ((SELECT count(*) FROM sent) + (SELECT count(*) FROM claimed))::int AS count`,
    [claim.userId, claim.messageId, claim.sessionId, claim.attachmentIds],
  );
  return result.rows[0]?.count ?? 0;
}

/** Which of these ids name the bytes of a file that has a row, under whatever id. Takes any number of them. */
export async function neededBytesSql(pool: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM "Attachment" WHERE id = ANY ($1::text[]) AND "bytesId" IS NULL
     UNION SELECT "bytesId" FROM "Attachment" WHERE "bytesId" = ANY ($1::text[])`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Which of these ids name bytes whose last row was deleted from this database. Takes any number of them. */
export async function goneBytesSql(pool: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT g.id FROM "GoneBytes" g WHERE g.id = ANY ($1::text[])
       AND NOT EXISTS (SELECT FROM "Attachment" a WHERE a.id = g.id AND a."bytesId" IS NULL)
       AND NOT EXISTS (SELECT FROM "Attachment" a WHERE a."bytesId" = g.id)`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** How many of these ids this database knows nothing of. Takes any number of them. */
export async function strangeBytesSql(pool: pg.Pool, ids: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM unnest($1::text[]) AS i(id)
     WHERE NOT EXISTS (SELECT FROM "GoneBytes" g WHERE g.id = i.id)
       AND NOT EXISTS (SELECT FROM "Attachment" a WHERE a.id = i.id)
       AND NOT EXISTS (SELECT FROM "Attachment" a WHERE a."bytesId" = i.id)`,
    [ids],
  );
  return rows[0]?.count ?? 0;
}
