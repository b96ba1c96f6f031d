import type pg from 'pg';

export interface MembershipRow {
  sessionId: string;
  /** Null while the membership lasts. */
  leftPos: number | null;
  joinPos: number;
}

export interface LoggedRow {
  pos: number;
  sessionId: string | null;
  type: string;
  payload: string;
}

/** What one account may see of the log after a position, all from one snapshot of the database. */
export interface ReadAfter {
  epoch: string;
  headPos: number;
  memberships: MembershipRow[];
  rows: LoggedRow[];
  /** False when a limit may have cut the rows: read again after the last one's pos. */
  complete: boolean;
}

/**
 * Reads head, memberships, durable events and newest-value rows in one statement, so that all of it is true at one
 * moment. Cost follows what was missed: each session is entered through its (sessionId, pos) index.
 * @param after positions above this one are read
 * @param limit rows at most, in order of pos
 * @param bytesAtMost of payload, but at least one row
 */
export async function readAfter(
  pool: pg.Pool,
  userId: string,
  after: number,
  limit: number,
  bytesAtMost: number,
): Promise<ReadAfter> {
  const result = await pool.query<{
    kind: 'head' | 'member' | 'row';
    pos: number | null;
    sessionId: string | null;
    type: string | null;
    payload: string | null;
    /** Of a membership. */
    leftPos: number | null;
    /** Bytes of all rows up to this one. */
    size: number | null;
  }>({
    name: 'read-after',
    text: READ_AFTER,
    values: [userId, after, limit, bytesAtMost],
  });
  const memberships: MembershipRow[] = [];
  const rows: LoggedRow[] = [];
  let epoch = '';
  let headPos = 0;
  let size = 0;
  for (const row of result.rows) {
    if (row.kind === 'head') {
      epoch = row.payload ?? '';
      headPos = row.pos ?? 0;
    } else if (row.kind === 'member' && row.sessionId !== null) {
      memberships.push({ sessionId: row.sessionId, leftPos: row.leftPos, joinPos: row.pos ?? 0 });
    } else if (row.pos !== null && row.payload !== null && row.type !== null) {
      rows.push({ pos: row.pos, sessionId: row.sessionId, type: row.type, payload: row.payload });
      size = row.size ?? 0;
    }
  }
  const complete = rows.length < limit && size < bytesAtMost;
  return { epoch, headPos, memberships, rows, complete };
}

/** `u` is a row of "User"; the same as toMe() of the domain makes. */
const ME = `json_build_object('type', 'me.updated', 'me', json_build_object(
    'id', u.id, 'name', u.name, 'email', CASE WHEN u."isAnonymous" THEN NULL ELSE u.email END,
    'isGuest', u."isAnonymous", 'picture', u."pictureId", 'role', u.role, 'settings', u.settings, 'blocked', (
      SELECT coalesce(json_agg(json_build_object('userId', n.id, 'name', n.name) ORDER BY b."createdAt", n.id), '[]')
      FROM "Block" b JOIN "User" n ON n.id = b."blockedId" WHERE b."blockerId" = u.id)))`;

/** The receipt of a member `r`: with their own mark, or with the one that others see, whose stamp is never newer. */
const receipt = (mark: 'readSeq' | 'shownReadSeq') =>
  `json_build_object('type', 'receipt', 'sessionId', r."sessionId", 'userId', r."userId",
    'deliveredSeq', r."deliveredSeq", 'readSeq', r."${mark}")`;

/** The events of a project `p` and of a memory `k`; of what is gone only that it is. */
const PROJECT = `json_build_object('type', 'project', 'projectId', p.id, 'project',
    CASE WHEN p."deletedAt" IS NULL THEN json_build_object('id', p.id, 'ownerId', p."ownerId", 'title', p.title,
      'field', p.field, 'stage', p.stage, 'deadline', p.deadline, 'supervisor', p.supervisor, 'notes', p.notes,
      'createdAt', iso_ms(p."createdAt"), 'updatedAt', iso_ms(p."updatedAt")) END)`;
const MEMORY = `json_build_object('type', 'memory', 'memoryId', k.id, 'memory',
    CASE WHEN k."deletedAt" IS NULL THEN json_build_object('id', k.id, 'kind', k.kind, 'content', k.content,
      'origin', k.origin, 'sourceMessageId', k."sourceMessageId", 'sourceSessionId', k."sourceSessionId",
      'createdAt', iso_ms(k."createdAt"), 'updatedAt', iso_ms(k."updatedAt")) END)`;

export const READ_AFTER = `
WITH mine AS MATERIALIZED (
  SELECT "sessionId", "joinPos", "leftPos" FROM "ChatMember" WHERE "userId" = $1
),
found AS (
  SELECT e.pos, e."sessionId", e.type, e.payload
  FROM mine CROSS JOIN LATERAL (
    SELECT pos, "sessionId", type, payload::text AS payload FROM "ChatEvent" c
    WHERE c."sessionId" = mine."sessionId" AND c.pos > $2 AND c.pos >= mine."joinPos"
      AND c.pos <= coalesce(mine."leftPos", 9223372036854775807)
    ORDER BY c.pos LIMIT $3
  ) e
  UNION ALL
  SELECT CASE WHEN r."userId" = $1 THEN r."statePos" ELSE r."shownPos" END, r."sessionId", 'receipt',
    CASE WHEN r."userId" = $1 THEN ${receipt('readSeq')} ELSE ${receipt('shownReadSeq')} END::text
  FROM mine JOIN "ChatMember" r ON r."sessionId" = mine."sessionId" AND r."leftPos" IS NULL
  WHERE mine."leftPos" IS NULL AND r."statePos" > $2 AND (r."userId" = $1 OR r."shownPos" > $2)
  UNION ALL
  SELECT f."statePos", NULL, 'feedback', json_build_object('type', 'feedback', 'sessionId', m."sessionId",
    'messageId', f."messageId", 'value', f.value)::text
  FROM "MessageFeedback" f JOIN "ChatMessage" m ON m.id = f."messageId"
  JOIN mine ON mine."sessionId" = m."sessionId" AND mine."leftPos" IS NULL
  WHERE f."userId" = $1 AND f."statePos" > $2
  UNION ALL
  SELECT u."statePos", NULL, 'me.updated', ${ME}::text
  FROM "User" u WHERE u.id = $1 AND u."statePos" > $2
  UNION ALL
  SELECT d."statePos", NULL, 'draft', json_build_object('type', 'draft', 'sessionId', d."sessionId",
    'content', d.content, 'at', iso_ms(d.at))::text
  FROM "Draft" d JOIN mine ON mine."sessionId" = d."sessionId" AND mine."leftPos" IS NULL
  WHERE d."userId" = $1 AND d."statePos" > $2
  UNION ALL
  SELECT p."statePos", NULL, 'project', ${PROJECT}::text
  FROM "Project" p WHERE p."ownerId" = $1 AND p."statePos" > $2
  UNION ALL
  SELECT k."statePos", NULL, 'memory', ${MEMORY}::text
  FROM "Memory" k WHERE k."userId" = $1 AND k."statePos" > $2
  UNION ALL
  SELECT t."statePos", NULL, 'star', json_build_object('type', 'star', 'sessionId', m."sessionId",
    'messageId', t."messageId", 'starredAt', iso_ms(t."starredAt"))::text
  FROM "MessageStar" t JOIN "ChatMessage" m ON m.id = t."messageId"
  JOIN mine ON mine."sessionId" = m."sessionId" AND mine."leftPos" IS NULL
  WHERE t."userId" = $1 AND t."statePos" > $2
  UNION ALL
  SELECT o."statePos", NULL, 'session.mine', json_build_object('type', 'session.mine', 'sessionId', o."sessionId",
    'mine', json_build_object('pinnedAt', iso_ms(o."pinnedAt"), 'mutedUntil', iso_ms(o."mutedUntil"),
    'archivedAt', iso_ms(o."archivedAt"), 'markedUnread', o."markedUnread"))::text
  FROM "SessionMine" o JOIN mine ON mine."sessionId" = o."sessionId" AND mine."leftPos" IS NULL
  WHERE o."userId" = $1 AND o."statePos" > $2
  UNION ALL
  SELECT k."statePos", NULL, 'thread.read', json_build_object('type', 'thread.read', 'sessionId', k."sessionId",
    'messageId', k."messageId", 'readSeq', k."readSeq")::text
  FROM "ThreadMark" k JOIN mine ON mine."sessionId" = k."sessionId" AND mine."leftPos" IS NULL
  WHERE k."userId" = $1 AND k."statePos" > $2
),
cut AS (SELECT * FROM found ORDER BY pos LIMIT $3),
sized AS (SELECT *, sum(octet_length(payload)) OVER (ORDER BY pos ROWS UNBOUNDED PRECEDING)::float8 AS size FROM cut)
SELECT 'head' AS kind, h.pos::float8 AS pos, NULL AS "sessionId", NULL AS type, h.epoch AS payload,
  NULL::float8 AS "leftPos", NULL::float8 AS size
FROM "LogHead" h WHERE h.id = 1
UNION ALL
SELECT 'member', m."joinPos"::float8, m."sessionId", NULL, NULL, m."leftPos"::float8, NULL FROM mine m
UNION ALL
(SELECT 'row', c.pos::float8, c."sessionId", c.type, c.payload, NULL, c.size FROM sized c
 WHERE c.size - octet_length(c.payload) < $4 ORDER BY c.pos)`;

/** Every event and newest value in (after, upTo], whoever may see it: what a hub reads when others wrote. */
export async function readRange(
  pool: pg.Pool,
  after: number,
  upTo: number,
): Promise<(LoggedRow & { userId: string | null })[]> {
  const result = await pool.query({ name: 'read-range', text: READ_RANGE, values: [after, upTo] });
  return result.rows;
}

export const READ_RANGE = `
SELECT * FROM (
  SELECT pos::float8 AS pos, "sessionId", NULL AS "userId", type, payload::text AS payload FROM "ChatEvent"
  WHERE pos > $1 AND pos <= $2
  UNION ALL
  SELECT r."shownPos"::float8, r."sessionId", NULL, 'receipt', ${receipt('shownReadSeq')}::text
  FROM "ChatMember" r
  WHERE r."statePos" > $1 AND r."shownPos" > $1 AND r."shownPos" <= $2 AND r."leftPos" IS NULL
  UNION ALL
  SELECT r."statePos"::float8, NULL, r."userId", 'receipt', ${receipt('readSeq')}::text
  FROM "ChatMember" r
  WHERE r."statePos" > $1 AND r."statePos" <= $2 AND r."statePos" > r."shownPos" AND r."leftPos" IS NULL
  UNION ALL
  SELECT f."statePos"::float8, NULL, f."userId", 'feedback', json_build_object('type', 'feedback', 'sessionId', m."sessionId",
    'messageId', f."messageId", 'value', f.value)::text
  FROM "MessageFeedback" f JOIN "ChatMessage" m ON m.id = f."messageId"
  WHERE f."statePos" > $1 AND f."statePos" <= $2
  UNION ALL
  SELECT u."statePos"::float8, NULL, u.id, 'me.updated', ${ME}::text
  FROM "User" u WHERE u."statePos" > $1 AND u."statePos" <= $2
  UNION ALL
  SELECT d."statePos"::float8, NULL, d."userId", 'draft', json_build_object('type', 'draft', 'sessionId', d."sessionId",
    'content', d.content, 'at', iso_ms(d.at))::text
  FROM "Draft" d WHERE d."statePos" > $1 AND d."statePos" <= $2
  UNION ALL
  SELECT p."statePos"::float8, NULL, p."ownerId", 'project', ${PROJECT}::text
  FROM "Project" p WHERE p."statePos" > $1 AND p."statePos" <= $2
  UNION ALL
  SELECT k."statePos"::float8, NULL, k."userId", 'memory', ${MEMORY}::text
  FROM "Memory" k WHERE k."statePos" > $1 AND k."statePos" <= $2
  UNION ALL
  SELECT t."statePos"::float8, NULL, t."userId", 'star', json_build_object('type', 'star', 'sessionId', m."sessionId",
    'messageId', t."messageId", 'starredAt', iso_ms(t."starredAt"))::text
  FROM "MessageStar" t JOIN "ChatMessage" m ON m.id = t."messageId"
  WHERE t."statePos" > $1 AND t."statePos" <= $2
  UNION ALL
  SELECT o."statePos"::float8, NULL, o."userId", 'session.mine', json_build_object('type', 'session.mine',
    'sessionId', o."sessionId", 'mine', json_build_object('pinnedAt', iso_ms(o."pinnedAt"),
    'mutedUntil', iso_ms(o."mutedUntil"), 'archivedAt', iso_ms(o."archivedAt"), 'markedUnread', o."markedUnread"))::text
  FROM "SessionMine" o WHERE o."statePos" > $1 AND o."statePos" <= $2
  UNION ALL
  SELECT k."statePos"::float8, NULL, k."userId", 'thread.read', json_build_object('type', 'thread.read',
    'sessionId', k."sessionId", 'messageId', k."messageId", 'readSeq', k."readSeq")::text
  FROM "ThreadMark" k WHERE k."statePos" > $1 AND k."statePos" <= $2
) every ORDER BY pos`;
