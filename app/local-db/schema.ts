import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { UserId } from '../../protocol/ids.ts';

/** Rows are `unknown` here on purpose: what was stored by another version, or by nobody knows whom, is parsed on read. */
export interface ChatDbSchema extends DBSchema {
  sessions: { key: string; value: unknown };
  messages: { key: string; value: unknown; indexes: { bySession: [string, number] } };
  outbox: { key: number; value: unknown };
  drafts: { key: string; value: unknown };
  meta: { key: string; value: unknown };
  quarantine: { key: number; value: { store: string; row: unknown; at: string } };
}

export type ChatIdb = IDBPDatabase<ChatDbSchema>;

const VERSION = 1;
/** One database for each account, so that accounts on a shared phone never meet (invariant 26). */
export const storageNameOf = (userId: UserId) => `j-star-chat:${userId}`;

export function openChatIdb(name: string, onClosed: () => void): Promise<ChatIdb> {
  const opened = openDB<ChatDbSchema>(name, VERSION, {
    upgrade(db, from) {
      if (from < 1) {
        db.createObjectStore('sessions', { keyPath: 'id' });
        db.createObjectStore('messages', { keyPath: 'id' }).createIndex('bySession', [
          'sessionId',
          'sortKey',
        ]);
        db.createObjectStore('outbox', { keyPath: 'position', autoIncrement: true });
        db.createObjectStore('drafts', { keyPath: 'sessionId' });
        db.createObjectStore('meta');
        db.createObjectStore('quarantine', { autoIncrement: true });
      }
    },
    // A newer version wants to upgrade: an old tab must not stand in its way.
    blocking() {
      void opened.then((db) => db.close());
      onClosed();
    },
    // Safari closes handles at will.
    terminated: onClosed,
  });
  return opened;
}

export async function deleteLocalDb(name: string): Promise<void> {
  await deleteDB(name);
}
