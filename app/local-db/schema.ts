import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { UserId } from '../../protocol/ids.ts';

/** Rows are `unknown` here on purpose: what was stored by another version, or by nobody knows whom, is parsed on read. */
export interface ChatDbSchema extends DBSchema {
  sessions: { key: string; value: unknown };
  messages: { key: string; value: unknown; indexes: { bySession: [string, number] } };
  outbox: { key: number; value: unknown };
  drafts: { key: string; value: unknown };
  meta: { key: string; value: unknown };
  /** One's own: what conversations are about, and what Agent Jay remembers. */
  projects: { key: string; value: unknown };
  memories: { key: string; value: unknown };
  /** The search worker's index, by name of its part. */
  search: { key: string; value: unknown };
  quarantine: { key: number; value: { store: string; row: unknown; at: string } };
}

export type ChatIdb = IDBPDatabase<ChatDbSchema>;

/** What a write may touch. */
export type StoreName = 'sessions' | 'messages' | 'outbox' | 'drafts' | 'meta' | 'projects' | 'memories';
export type WriteTransaction = IDBPTransaction<ChatDbSchema, StoreName[], 'readwrite'>;

const VERSION = 3;
const PREFIX = 'j-star-chat:';
/** One database for each account, so that accounts on a shared phone never meet (invariant 26). */
export const storageNameOf = (userId: UserId) => `${PREFIX}${userId}`;

/** Whose copies are on this device; nobody's where the browser does not tell. */
export async function accountsOnDevice(): Promise<UserId[]> {
  const databases = (await indexedDB.databases?.()) ?? [];
  return databases.flatMap(({ name = '' }) => {
    const userId = UserId.safeParse(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null);
    return userId.success ? [userId.data] : [];
  });
}

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
      if (from < 2) db.createObjectStore('search');
      if (from < 3) {
        db.createObjectStore('projects', { keyPath: 'id' });
        db.createObjectStore('memories', { keyPath: 'id' });
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
