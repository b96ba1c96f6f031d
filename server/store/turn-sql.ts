import type pg from 'pg';

/** What a runner needs to know of a turn that it claimed. */
export interface ClaimedTurn {
  messageId: string;
  sessionId: string;
  questionId: string;
  questionSeq: number;
  askedBy: string;
  version: number;
  /** The answer that this one goes on from, and its text; null and nothing for one that begins anew. */
  continues: string | null;
  kept: string;
  /**
   * When it was claimed, in milliseconds since 1970 by the database's clock. Of two claims of one turn the later one has
   * the higher one, also where that clock went back between them.
   */
  claimedAt: number;
}

/**
 * Claims the oldest queued turn of a session in which nothing is being written, for this node, for a while. Two
 * runners never get the same turn, and one session's turns are written one after the other.
 */
export async function claimTurn(pool: pg.Pool, nodeId: string, leaseMs: number): Promise<ClaimedTurn | null> {
  const result = await pool.query<ClaimedTurn>({
    name: 'claim-turn',
    text: `
      WITH next AS (
        SELECT t."messageId" FROM "AgentTurn" t JOIN "ChatMessage" a ON a.id = t."messageId"
        WHERE t.status = 'queued' AND NOT EXISTS (
          SELECT FROM "AgentTurn" o JOIN "ChatMessage" b ON b.id = o."messageId"
          WHERE o."sessionId" = t."sessionId" AND (o.status = 'streaming' OR (o.status = 'queued' AND b.seq < a.seq)))
        ORDER BY t."createdAt", a.seq LIMIT 1 FOR UPDATE OF t SKIP LOCKED
      )
      UPDATE "AgentTurn" t SET status = 'streaming', "leaseOwner" = $1,
        "startedAt" = greatest(now(), t."startedAt" + interval '1 millisecond'),
        "leaseUntil" = now() + $2 * interval '1 millisecond'
      FROM next, "ChatMessage" q
      WHERE t."messageId" = next."messageId" AND q.id = t."questionId"
      RETURNING t."messageId", t."sessionId", t."questionId", q.seq AS "questionSeq", t."askedBy", t.version, t.continues, t.kept,
        (extract(epoch FROM t."startedAt") * 1000)::float8 AS "claimedAt"`,
    values: [nodeId, leaseMs],
  });
  return result.rows[0] ?? null;
}

/** Writes down the text so far and keeps the lease. False once the turn is no longer ours, or is to stop. */
export async function checkpointTurn(
  pool: pg.Pool,
  messageId: string,
  nodeId: string,
  text: string,
  leaseMs: number,
): Promise<'go on' | 'stop' | 'lost'> {
  const result = await pool.query<{ stopRequested: boolean }>({
    name: 'checkpoint-turn',
    text: `UPDATE "AgentTurn" SET checkpoint = $3, "leaseUntil" = now() + $4 * interval '1 millisecond'
           WHERE "messageId" = $1 AND "leaseOwner" = $2 AND status = 'streaming' RETURNING "stopRequested"`,
    values: [messageId, nodeId, text, leaseMs],
  });
  const row = result.rows[0];
  if (!row) return 'lost';
  return row.stopRequested ? 'stop' : 'go on';
}

/** Asks whoever writes this turn to stop; one that nobody writes yet is ended here by its caller. */
export async function requestStop(pool: pg.Pool, messageId: string): Promise<string | null> {
  const result = await pool.query<{ status: string }>(
    'UPDATE "AgentTurn" SET "stopRequested" = true WHERE "messageId" = $1 RETURNING status',
    [messageId],
  );
  return result.rows[0]?.status ?? null;
}

/** Turns whose node died: those with no text go back into the queue, the others are returned to be ended. */
export async function releaseExpired(
  pool: pg.Pool,
): Promise<{ messageId: string; sessionId: string; checkpoint: string }[]> {
  await pool.query(
    `UPDATE "AgentTurn" SET status = 'queued', "leaseOwner" = NULL, "leaseUntil" = NULL
     WHERE status = 'streaming' AND "leaseUntil" < now() AND checkpoint = ''`,
  );
  const result = await pool.query<{ messageId: string; sessionId: string; checkpoint: string }>(
    `SELECT "messageId", "sessionId", checkpoint FROM "AgentTurn"
     WHERE status = 'streaming' AND "leaseUntil" < now() AND checkpoint <> ''`,
  );
  return result.rows;
}

/** Hands turns back that wrote nothing yet, so that another node (or the next start) takes them at once. */
export async function handBack(pool: pg.Pool, nodeId: string): Promise<void> {
  await pool.query(
    `UPDATE "AgentTurn" SET status = 'queued', "leaseOwner" = NULL, "leaseUntil" = NULL
     WHERE status = 'streaming' AND "leaseOwner" = $1 AND checkpoint = ''`,
    [nodeId],
  );
}
