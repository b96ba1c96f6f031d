import { withClient } from '../support/with-client.ts';

/** What really stands in the database: the checker's measure of everything. */
/** An answer that waits for its turn, or is being written. */
export const isUnended = (turnStatus: string | null) => turnStatus === 'queued' || turnStatus === 'streaming';

export interface Truth {
  sessions: Map<string, TrueSession>;
  messages: Map<string, TrueMessage>;
  drafts: { userId: string; sessionId: string; content: string }[];
  names: Map<string, string>;
  /** Projects and memories: a title or a text by id; null where they were deleted. */
  kept: Map<string, string | null>;
  /** Message and person, as "message id". */
  stars: Set<string>;
  /** Reasons that were given. */
  reports: string[];
}

export interface TrueSession {
  id: string;
  title: string;
  lastSeq: number;
  /** Who is in it now. */
  members: Set<string>;
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
  turnStatus: string | null;
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
      drafts: [],
      names: new Map(),
      kept: new Map(),
      stars: new Set(),
      reports: [],
    };
    for (const row of await rows('SELECT id, title, "lastSeq" FROM ours'))
      truth.sessions.set(row.id, { ...row, members: new Set(), events: [] });
    for (const { sessionId, userId } of await rows(
      'SELECT "sessionId", "userId" FROM "ChatMember" m JOIN ours ON ours.id = m."sessionId" WHERE "leftPos" IS NULL',
    ))
      truth.sessions.get(sessionId)?.members.add(userId);
    for (const { sessionId, ...event } of await rows(EVENTS))
      truth.sessions.get(sessionId)?.events.push(event);
    for (const row of await rows(MESSAGES))
      truth.messages.set(row.id, { ...row, reactions: new Set(), feedback: new Map() });
    for (const { messageId, userId, emoji } of await rows(
      'SELECT "messageId", "userId", emoji FROM "Reaction"',
    ))
      truth.messages.get(messageId)?.reactions.add(`${emoji} ${userId}`);
    for (const { messageId, userId, value } of await rows(
      'SELECT "messageId", "userId", value FROM "MessageFeedback"',
    ))
      truth.messages.get(messageId)?.feedback.set(userId, value);
    truth.drafts = (await rows(
      'SELECT "userId", "sessionId", content FROM "Draft" WHERE "userId" = ANY($1)',
    )) as Truth['drafts'];
    for (const { id, name } of await rows('SELECT id, name FROM "User"')) truth.names.set(id, name);
    for (const { id, words } of await rows(KEPT)) truth.kept.set(id, words);
    for (const { messageId, userId } of await rows(STARS)) truth.stars.add(`${messageId} ${userId}`);
    for (const { reason } of await rows('SELECT reason FROM "Report" WHERE "reporterId" = ANY($1)'))
      truth.reports.push(reason);
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
    t.status AS "turnStatus"
  FROM "ChatMessage" m JOIN ours ON ours.id = m."sessionId" LEFT JOIN "AgentTurn" t ON t."messageId" = m.id ORDER BY m."sessionId", m.seq`;

const KEPT = `
  SELECT id, CASE WHEN "deletedAt" IS NULL THEN title END AS words FROM "Project" WHERE "ownerId" = ANY($1)
  UNION ALL SELECT id, CASE WHEN "deletedAt" IS NULL THEN content END FROM "Memory" WHERE "userId" = ANY($1)`;

const STARS =
  'SELECT "messageId", "userId" FROM "MessageStar" WHERE "userId" = ANY($1) AND "starredAt" IS NOT NULL';
