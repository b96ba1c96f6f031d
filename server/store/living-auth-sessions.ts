import type { Database } from './database.ts';

/** An auth session that is still valid, and what there is to know of its account. */
export interface LivingAuthSession {
  id: string;
  userId: string;
  role: string;
  isAnonymous: boolean;
  expiresAt: Date;
}

/** Those of these auth sessions that are still valid. */
export async function livingAuthSessions(
  { pool }: Database,
  ids: readonly string[],
): Promise<LivingAuthSession[]> {
  const result = await pool.query<LivingAuthSession>({
    name: 'living-auth-sessions',
    text: LIVING_AUTH_SESSIONS,
    values: [ids],
  });
  return result.rows;
}

export const LIVING_AUTH_SESSIONS = `
SELECT s.id, s."userId", u.role, u."isAnonymous", s."expiresAt" FROM "AuthSession" s
JOIN "User" u ON u.id = s."userId" WHERE s.id = ANY($1::text[]) AND s."expiresAt" > now()`;
