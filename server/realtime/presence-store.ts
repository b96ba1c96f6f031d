import type { UserId } from '../../protocol/ids.ts';
import type { Database } from '../store/database.ts';
import type { PresenceStore } from './presence.ts';

/** Presence in its own table: what is left of it once nobody is connected. */
export function createPresenceStore({ prisma }: Database): PresenceStore {
  return {
    async save(userId, state) {
      await prisma.userPresence.upsert({ where: { userId }, create: { userId, ...state }, update: state });
    },
    async load(userIds) {
      const rows = await prisma.userPresence.findMany({ where: { userId: { in: [...userIds] } } });
      return new Map(rows.map((row) => [row.userId as UserId, row])); // ids of accounts are minted as such
    },
  };
}
