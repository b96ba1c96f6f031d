import type pg from 'pg';

/** One message.send as the append function takes it. */
export interface SendRow {
  id: string;
  sessionId: string;
  userId: string;
  content: string;
  parentId: string | null;
  hash: string;
  /** True when the text addresses Agent Jay by name. */
  mentionsAgent: boolean;
  /** Id for the answer, used only when the message asks for one. */
  answerId: string;
  /** False when it says nothing of branches: then it follows what is shown. */
  isPlaced: boolean;
  /** Whether it takes along the files that were claimed for it. */
  hasFiles: boolean;
}

export interface AppendedSend {
  ord: number;
  outcome: 'created' | 'answer' | 'duplicate' | 'reused' | 'not_found' | 'left' | 'no_parent' | 'branched';
  messageId: string;
  sessionId: string;
  pos: number | null;
  seq: number | null;
  createdAt: Date | null;
  payload: string | null;
}

/**
 * Appends a batch of sends in one statement and one commit; see the SQL function for what it promises.
 * Rows come back ordered by `ord` (1-based position in `rows`); an asked answer follows its question.
 */
export async function appendSends(
  pool: pg.Pool,
  rows: readonly SendRow[],
  agentId: string,
): Promise<AppendedSend[]> {
  const result = await pool.query({
    name: 'append-sends',
    text: `SELECT ord, outcome, message_id AS "messageId", session_id AS "sessionId", pos::float8 AS pos, seq,
             created_at AS "createdAt", payload
           FROM append_sends($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9,
             $10::boolean[], $11::text[])`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.sessionId),
      rows.map((row) => row.userId),
      rows.map((row) => row.content),
      rows.map((row) => row.parentId),
      rows.map((row) => row.hash),
      rows.map((row) => row.mentionsAgent),
      rows.map((row) => row.answerId),
      agentId,
      rows.map((row) => row.isPlaced),
      rows.filter((row) => row.hasFiles).map((row) => row.id),
    ],
  });
  return result.rows;
}

export interface MarkRow {
  sessionId: string;
  userId: string;
  deliveredSeq: number | null;
  readSeq: number | null;
}

export interface AppendedMark {
  ord: number;
  outcome: 'moved' | 'unchanged' | 'not_found' | 'left';
  sessionId: string;
  userId: string;
  /** Where everyone in the session is told of it; null when they have nothing new to see. */
  pos: number | null;
  deliveredSeq: number;
  /** As others see it. */
  readSeq: number;
  /** Where only the person's own devices are told; null when they have nothing to see beyond what others see. */
  ownPos: number | null;
  ownReadSeq: number;
}

/** Moves receipt marks forward in one statement and one commit. */
export async function appendMarks(pool: pg.Pool, rows: readonly MarkRow[]): Promise<AppendedMark[]> {
  const result = await pool.query({
    name: 'append-marks',
    text: `SELECT ord, outcome, session_id AS "sessionId", user_id AS "userId", pos::float8 AS pos,
             delivered_seq AS "deliveredSeq", read_seq AS "readSeq",
             own_pos::float8 AS "ownPos", own_read_seq AS "ownReadSeq"
           FROM append_marks($1::text[], $2::text[], $3::int[], $4::int[])`,
    values: [
      rows.map((row) => row.sessionId),
      rows.map((row) => row.userId),
      rows.map((row) => row.deliveredSeq),
      rows.map((row) => row.readSeq),
    ],
  });
  return result.rows;
}
