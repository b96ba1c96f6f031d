import type { UserId } from '../../protocol/ids.ts';
import type { Database } from './database.ts';

export interface StoredPresence {
  status: string;
  activity: string | null;
  lastSeen: Date;
}

/** Presence in its own table: what is left of it once nobody is connected. */
export function createPresenceStore({ pool, prisma }: Database) {
  return {
    /**
     * Of an account that is gone nothing is kept, although its streams close a moment later. A node that did not hear the
     * others may know less than they have stored.
     */
    async save(userId: UserId, { status, activity, lastSeen }: StoredPresence): Promise<void> {
      await pool.query({ name: 'save-presence', text: SAVE, values: [userId, status, activity, lastSeen] });
    },
    async load(userIds: readonly UserId[]): Promise<Map<UserId, StoredPresence>> {
      const rows = await prisma.userPresence.findMany({ where: { userId: { in: [...userIds] } } });
      return new Map(rows.map((row) => [row.userId as UserId, row])); // ids of accounts are minted as such
    },
  };
}

const SAVE = `
INSERT INTO "UserPresence" ("userId", status, activity, "lastSeen", "updatedAt")
SELECT u.id, $2, $3, $4, clock_timestamp() FROM "User" u WHERE u.id = $1 AND u."deletedAt" IS NULL
ON CONFLICT ("userId") DO UPDATE SET status = excluded.status, activity = excluded.activity,
  "lastSeen" = greatest("UserPresence"."lastSeen", excluded."lastSeen"), "updatedAt" = excluded."updatedAt"`;
