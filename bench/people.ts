import { createHmac } from 'node:crypto';
import { newSessionId, newUserId, type SessionId } from '../protocol/ids.ts';
import type { BenchDatabase } from './database.ts';

export const AUTH_SECRET = 'the secret of measurements, longer than 32 characters';

export interface People {
  userIds: string[];
  /** For the Cookie header, signed as better-auth signs them. */
  cookies: string[];
  /** A conversation that all of them are in. */
  sessionId: SessionId;
}

/** Signed-in people in one conversation, written straight into the database of a product that has started. */
export async function createPeople(database: BenchDatabase, url: string, count: number): Promise<People> {
  const userIds = Array.from({ length: count }, () => newUserId());
  const tokens = userIds.map((id) => `token-${id}`);
  const sessionId = newSessionId();
  await database.query(
    url,
    `INSERT INTO "User" (id, name, email, "updatedAt") SELECT id, 'Ada', id || '@bench.invalid', now() FROM unnest($1::text[]) id`,
    [userIds],
  );
  await database.query(
    url,
    `INSERT INTO "AuthSession" (id, token, "userId", "expiresAt", "updatedAt")
     SELECT 's-' || id, 'token-' || id, id, now() + interval '30 days', now() FROM unnest($1::text[]) id`,
    [userIds],
  );
  await database.query(
    url,
    `INSERT INTO "ChatSession" (id, title, "isGroupChat", "maxParticipants", "createdBy", "createHash")
     VALUES ($1, 'Bench', true, 5000, $2, 'bench')`,
    [sessionId, userIds[0]],
  );
  await database.query(
    url,
    `INSERT INTO "ChatMember" ("sessionId", "userId", role, "joinPos", "joinSeq") SELECT $1, id, 'member', 0, 0 FROM unnest($2::text[]) id`,
    [sessionId, userIds],
  );
  return { userIds, cookies: tokens.map(signedCookie), sessionId };
}

function signedCookie(token: string): string {
  const signature = createHmac('sha256', AUTH_SECRET).update(token).digest('base64');
  return `j-star.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}
