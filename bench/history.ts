import { newSessionId } from '../protocol/ids.ts';
import type { BenchDatabase } from './database.ts';
import { messageEvent } from './emit.ts';
import type { People } from './people.ts';

const SESSIONS = 20;

/**
 * Writes `history` and then `missed` events into twenty conversations of these people, as the log would have.
 * @returns for each of them the cursor of a device that knows the history only
 */
export async function seedHistory(
  database: BenchDatabase,
  url: string,
  { userIds, sessionId }: Pick<People, 'userIds' | 'sessionId'>,
  history: number,
  missed: number,
): Promise<string[]> {
  const writerId = userIds[0];
  const sessions = [sessionId, ...Array.from({ length: SESSIONS - 1 }, () => newSessionId())];
  await database.query(
    url,
    `INSERT INTO "ChatSession" (id, title, "createdBy", "createHash")
     SELECT id, 'Bench', $2, 'bench' FROM unnest($1::text[]) id ON CONFLICT DO NOTHING`,
    [sessions, writerId],
  );
  await database.query(
    url,
    `INSERT INTO "ChatMember" ("sessionId", "userId", role, "joinPos", "joinSeq")
     SELECT s, u, 'member', 0, 0 FROM unnest($1::text[]) s, unnest($2::text[]) u ON CONFLICT DO NOTHING`,
    [sessions, userIds],
  );
  const total = history + missed;
  for (let from = 1; from <= total; from += 5_000) {
    const positions = Array.from({ length: Math.min(5_000, total - from + 1) }, (_, i) => from + i);
    const homes = positions.map((pos) => sessions[pos % SESSIONS] ?? sessionId);
    await database.query(
      url,
      `INSERT INTO "ChatEvent" (pos, "sessionId", seq, type, payload, "createdAt")
       SELECT pos, s, pos, 'message.created', payload::json, now()
       FROM unnest($1::bigint[], $2::text[], $3::text[]) AS e(pos, s, payload)`,
      [positions, homes, positions.map((pos, i) => JSON.stringify(messageEvent(pos - history, homes[i])))],
    );
    await database.query(
      url,
      `INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "createdAt")
       SELECT 'm' || pos, s, pos, $3, 'user', 'words of message ' || pos, 'h', now()
       FROM unnest($1::bigint[], $2::text[]) AS e(pos, s)`,
      [positions, homes, writerId],
    );
  }
  await database.query(url, `UPDATE "ChatSession" SET "lastSeq" = $1`, [total]);
  await database.query(url, `UPDATE "LogHead" SET pos = $1`, [total]);
  await database.query(url, 'ANALYZE');
  const { rows } = await database.query(url, `SELECT epoch FROM "LogHead"`);
  const { epoch } = rows[0];
  return userIds.map((userId) => `${epoch}.${history.toString(36)}.u${userId.replaceAll('-', '')}`);
}
