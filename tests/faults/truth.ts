import { withClient } from '../support/with-client.ts';

/** An answer that waits for its turn, or is being written. */
export const isUnended = (turnStatus: string | null) => turnStatus === 'queued' || turnStatus === 'streaming';

/** What really stands in the database: the checker's measure of everything. */
export interface Truth {
  sessions: Map<string, TrueSession>;
  messages: Map<string, TrueMessage>;
  /** By person and conversation, as "user session". */
  drafts: Map<string, { content: string; at: string }>;
  names: Map<string, string>;
  /** Projects and memories: a title or a text by id; null where they were deleted. */
  kept: Map<string, string | null>;
  /** Message and person, as "message id". */
  stars: Set<string>;
  /** Reasons that were given. */
  reports: string[];
  /** Who blocks whom, as "blocker blocked". */
  blocks: Set<string>;
  /** What somebody has made of a conversation, as "user session". */
  mine: Map<string, { pinned: boolean; mutedUntil: string | null; markedUnread: boolean }>;
  /** How far somebody has read a thread, as "user message". */
  threadMarks: Map<string, number>;
}

export interface TrueSession {
  id: string;
  title: string;
  lastSeq: number;
  /** Who is in it now. */
  members: Map<string, { role: string; readSeq: number }>;
  /** Versions of questions and answers by the first of them. */
  forks: Record<string, { all: string[]; shown: string }>;
  events: TrueEvent[];
}

export interface TrueEvent {
  seq: number;
  type: string;
  /** What the event is about: a message, a person. */
  about: string | null;
  /** A title, an emoji; who removed somebody. */
  detail: string | null;
}

export interface TrueMessage {
  id: string;
  sessionId: string;
  seq: number;
  userId: string;
  content: string;
  isDeleted: boolean;
  isPinned: boolean;
  /** The first version of the question that this is another version of. */
  branchOf: string | null;
  turnStatus: string | null;
  /** Of an answer: what was asked, and the how manieth version of its answer this is. */
  questionId: string | null;
  version: number | null;
  /** Its files in their order, each with its size. */
  files: { id: string; bytes: number }[];
  /** emoji and person, as "👍 id". */
  reactions: Set<string>;
  feedback: Map<string, string | null>;
}

/** @param userIds whose conversations count: a database may hold those of other schedules, too */
export function readTruth(databaseUrl: string, userIds: readonly string[]): Promise<Truth> {
  return withClient(databaseUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows = async (sql: string) => (await client.query(`${OURS} ${sql}`, [userIds])).rows;
    const truth: Truth = {
      sessions: new Map(),
      messages: new Map(),
      drafts: new Map(),
      names: new Map(),
      kept: new Map(),
      stars: new Set(),
      reports: [],
      blocks: new Set(),
      mine: new Map(),
      threadMarks: new Map(),
    };
    for (const row of await rows('SELECT id, title, "lastSeq", forks FROM ours'))
      truth.sessions.set(row.id, { ...row, members: new Map(), events: [] });
    for (const { sessionId, userId, ...member } of await rows(MEMBERS))
      truth.sessions.get(sessionId)?.members.set(userId, member);
    for (const { sessionId, ...event } of await rows(EVENTS))
      truth.sessions.get(sessionId)?.events.push(event);
    for (const row of await rows(MESSAGES))
      truth.messages.set(row.id, { ...row, reactions: new Set(), feedback: new Map(), files: [] });
    for (const { messageId, ...file } of await rows(FILES)) truth.messages.get(messageId)?.files.push(file);
    for (const { messageId, userId, emoji } of await rows(
      'SELECT "messageId", "userId", emoji FROM "Reaction"',
    ))
      truth.messages.get(messageId)?.reactions.add(`${emoji} ${userId}`);
    for (const { messageId, userId, value } of await rows(
      'SELECT "messageId", "userId", value FROM "MessageFeedback"',
    ))
      truth.messages.get(messageId)?.feedback.set(userId, value);
    for (const { key, content, at } of await rows(DRAFTS))
      truth.drafts.set(key, { content, at: at.toISOString() });
    for (const { id, name } of await rows('SELECT id, name FROM "User"')) truth.names.set(id, name);
    for (const { id, words } of await rows(KEPT)) truth.kept.set(id, words);
    for (const { messageId, userId } of await rows(STARS)) truth.stars.add(`${messageId} ${userId}`);
    for (const { reason } of await rows('SELECT reason FROM "Report" WHERE "reporterId" = ANY($1)'))
      truth.reports.push(reason);
    for (const { pair } of await rows(BLOCKS)) truth.blocks.add(pair);
    for (const { key, mutedUntil, ...mine } of await rows(MINE))
      truth.mine.set(key, { ...mine, mutedUntil: mutedUntil?.toISOString() ?? null });
    for (const { key, readSeq } of await rows(THREAD_MARKS)) truth.threadMarks.set(key, readSeq);
    return truth;
  });
}

/** What the database is busy with or waits for, for the report of a schedule that did not end: one line a session. */
export function whatTheDatabaseDoes(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query(
      `SELECT pid, state, wait_event, now() - xact_start AS since, pg_blocking_pids(pid) AS behind, left(query, 120) AS query
       FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()`,
    );
    return rows.map((row) => `database: ${JSON.stringify(row)}`);
  });
}

/** Kept by whoever made them. */
const OURS = 'WITH ours AS (SELECT * FROM "ChatSession" WHERE "createdBy" = ANY($1))';

const EVENTS = `
  SELECT "sessionId", seq, type,
    coalesce(payload->>'messageId', payload->'message'->>'id', payload->'member'->>'userId', payload->>'userId') AS about,
    coalesce(payload->'changes'->>'title', payload->>'emoji', payload->>'by') AS detail
  FROM "ChatEvent" e JOIN ours ON ours.id = e."sessionId" ORDER BY "sessionId", seq`;

const MESSAGES = `
  SELECT m.id, m."sessionId", m.seq, m."userId", m.content, m."deletedAt" IS NOT NULL AS "isDeleted",
    m."pinnedAt" IS NOT NULL AS "isPinned", m."branchOf", t.status AS "turnStatus", t."questionId", t.version
  FROM "ChatMessage" m JOIN ours ON ours.id = m."sessionId" LEFT JOIN "AgentTurn" t ON t."messageId" = m.id ORDER BY m."sessionId", m.seq`;

const KEPT = `
  SELECT id, CASE WHEN "deletedAt" IS NULL THEN title END AS words FROM "Project" WHERE "ownerId" = ANY($1)
  UNION ALL SELECT id, CASE WHEN "deletedAt" IS NULL THEN content END FROM "Memory" WHERE "userId" = ANY($1)`;

const STARS =
  'SELECT "messageId", "userId" FROM "MessageStar" WHERE "userId" = ANY($1) AND "starredAt" IS NOT NULL';

const MEMBERS = `
  SELECT "sessionId", "userId", role, "readSeq" FROM "ChatMember" m JOIN ours ON ours.id = m."sessionId"
  WHERE "leftPos" IS NULL`;

const FILES = `
  SELECT a."messageId", a.id, a.bytes FROM "Attachment" a JOIN "ChatMessage" m ON m.id = a."messageId"
  JOIN ours ON ours.id = m."sessionId" ORDER BY a."messageId", a.place`;

const DRAFTS =
  'SELECT "userId" || \' \' || "sessionId" AS key, content, at FROM "Draft" WHERE "userId" = ANY($1)';

const BLOCKS = 'SELECT "blockerId" || \' \' || "blockedId" AS pair FROM "Block" WHERE "blockerId" = ANY($1)';

const MINE = `
  SELECT "userId" || ' ' || "sessionId" AS key, "pinnedAt" IS NOT NULL AS pinned, "mutedUntil", "markedUnread"
  FROM "SessionMine" WHERE "userId" = ANY($1)`;

const THREAD_MARKS =
  'SELECT "userId" || \' \' || "messageId" AS key, "readSeq" FROM "ThreadMark" WHERE "userId" = ANY($1)';
