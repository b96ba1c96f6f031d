import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { UserId } from '../../protocol/ids.ts';
import { wipeDatabase } from './wipe-database.ts';

/** Rows are `unknown` here on purpose: what was stored by another version, or by nobody knows whom, is parsed on read. */
export interface ChatDbSchema extends DBSchema {
  sessions: { key: string; value: unknown };
  messages: {
    key: string;
    value: unknown;
    indexes: { bySession: [string, number]; byParent: string; byStar: string; byPin: [string, string] };
  };
  outbox: { key: number; value: unknown };
  drafts: { key: string; value: unknown };
  /** What is being written in threads, by their first message. */
  threadDrafts: { key: string; value: unknown };
  /** How far threads were read, by their first message. */
  threads: { key: string; value: unknown };
  /** How one's own messages left this device. */
  journal: { key: string; value: unknown };
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
export type StoreName =
  | 'sessions'
  | 'messages'
  | 'outbox'
  | 'drafts'
  | 'threadDrafts'
  | 'threads'
  | 'journal'
  | 'meta'
  | 'projects'
  | 'memories';
export type WriteTransaction = IDBPTransaction<ChatDbSchema, StoreName[], 'readwrite'>;

/** Each version that was released has a frozen builder in schema-upgrades.test.ts: add one with every new number. */
export const VERSION = 5;
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

export interface OpeningEvents {
  /** There is nothing under this name. Returns whether to make it; opening fails otherwise. */
  onCreated(): boolean;
  /** A tab of an older version keeps its handle: this one waits for it to close. */
  onBlocked(): void;
  /** The handle is gone: taken by the browser, or given up for a newer version. */
  onLost(): void;
  /** Deleted from elsewhere, as signing out in another tab does. */
  onWiped(): void;
}

export function openChatIdb(name: string, events: OpeningEvents): Promise<ChatIdb> {
  const opened = openDB<ChatDbSchema>(name, VERSION, {
    upgrade(db, from, _to, tx) {
      if (from < 1) {
        if (!events.onCreated()) {
          tx.done.catch(() => {});
          return tx.abort();
        }
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
      if (from < 4) {
        db.createObjectStore('threads', { keyPath: 'messageId' });
        db.createObjectStore('journal', { keyPath: 'messageId' });
        // Rows without a value are in none of these.
        const messages = tx.objectStore('messages');
        messages.createIndex('byParent', 'parentId');
        messages.createIndex('byStar', 'starredAt');
        messages.createIndex('byPin', ['sessionId', 'pinnedAt']);
      }
      if (from < 5) db.createObjectStore('threadDrafts', { keyPath: 'threadRoot' });
    },
    blocked: () => events.onBlocked(),
    // Nobody's upgrade or deletion waits for this tab.
    blocking(_held, wanted) {
      void opened.then((db) => db.close());
      if (wanted === null) events.onWiped();
      else events.onLost();
    },
    // Safari closes handles at will.
    terminated: () => events.onLost(),
  });
  return opened;
}

export async function deleteLocalDb(name: string): Promise<void> {
  await wipeDatabase(name);
}
