import type pg from 'pg';

export interface SentAgain {
  userId: string;
  /** When their last device went away, where this server saw it. */
  goneSince: Date | null;
}

const MESSAGES_AT_MOST = 500;

/**
 * Writes down that what has not reached these people is being sent to them once more, and why it had not: nobody was
 * there, or nobody confirmed.
 */
export async function countTries(pool: pg.Pool, people: readonly SentAgain[]): Promise<void> {
  await pool.query({
    name: 'count-tries',
    text: COUNT_TRIES,
    values: [people.map((one) => one.userId), people.map((one) => one.goneSince), MESSAGES_AT_MOST],
  });
}

const COUNT_TRIES = `
INSERT INTO "MessageDelivery" ("messageId", "userId", "retryCount", "lastRetry", "errorReason")
SELECT c.id, p."userId", 1, clock_timestamp(),
  CASE WHEN p."goneSince" IS NOT NULL AND c."createdAt" < p."goneSince" THEN 'not_confirmed' ELSE 'no_device' END
FROM unnest($1::text[], $2::timestamptz[]) AS p("userId", "goneSince")
JOIN "ChatMember" m ON m."userId" = p."userId" AND m."leftPos" IS NULL
JOIN "ChatSession" s ON s.id = m."sessionId" AND s."lastSeq" > m."deliveredSeq"
CROSS JOIN LATERAL (
  SELECT id, "createdAt" FROM "ChatMessage"
  WHERE "sessionId" = m."sessionId" AND seq > m."deliveredSeq" AND seq >= m."joinSeq"
    AND "userId" <> p."userId" AND "deletedAt" IS NULL
  ORDER BY seq LIMIT $3
) c
ON CONFLICT ("messageId", "userId") DO UPDATE
SET "retryCount" = "MessageDelivery"."retryCount" + 1, "lastRetry" = excluded."lastRetry",
  "errorReason" = excluded."errorReason"
WHERE "MessageDelivery"."deliveredAt" IS NULL`;
