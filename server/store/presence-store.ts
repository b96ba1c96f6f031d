import type { UserId } from '../../protocol/ids.ts';
import type { Database } from './database.ts';

export interface StoredPresence {
  status: string;
  activity: string | null;
  lastSeen: Date;
}

/** Presence in its own table: what is left of it once nobody is connected. */
export function createPresenceStore({ prisma }: Database) {
  return {
    async save(userId: UserId, state: StoredPresence): Promise<void> {
      await prisma.userPresence.upsert({ where: { userId }, create: { userId, ...state }, update: state });
    },
    async load(userIds: readonly UserId[]): Promise<Map<UserId, StoredPresence>> {
      const rows = await prisma.userPresence.findMany({ where: { userId: { in: [...userIds] } } });
      return new Map(rows.map((row) => [row.userId as UserId, row])); // ids of accounts are minted as such
    },
  };
}
