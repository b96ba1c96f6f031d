import type pg from 'pg';

export interface Claim {
  userId: string;
  messageId: string;
  sessionId: string;
  /** In their order, each once. */
  attachmentIds: readonly string[];
}

/** @returns how many of them are now claimed for the message, or had been */
export async function claimSql(pool: pg.Pool, claim: Claim): Promise<number> {
  const result = await pool.query(
    `UPDATE "Attachment" a SET "claimedBy" = $2, place = i.ord
     FROM unnest($4::text[]) WITH ORDINALITY AS i(id, ord)
     WHERE a.id = i.id AND a."ownerId" = $1 AND a."sessionId" = $3 AND a.status = 'ready'
       AND coalesce(a."claimedBy", $2) = $2`,
    [claim.userId, claim.messageId, claim.sessionId, claim.attachmentIds],
  );
  return result.rowCount ?? 0;
}
