import { afterEach, describe, expect, it } from 'vitest';
import {
  newMessageId,
  newMutationId,
  newSessionId,
  newUserId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import { LocalDb } from './local-db.ts';
import { storageNameOf, VERSION } from './schema.ts';

const at = '2026-11-24T09:30:00.000Z';

/** What a device holds at an upgrade: rows as the version of that number wrote them. */
interface Held {
  name: string;
  me: UserId;
  sessionId: SessionId;
}

/**
 * Databases as each released version made and filled them. Frozen: never changed with the code, only added to (one for
 * every new number in schema.ts), for devices in the world hold them.
 */
const released: Record<number, (held: Held) => Promise<void>> = {
  1: (held) =>
    build(held.name, 1, (db) => {
      makeFirstStores(db);
      return (tx) => fillFirstStores(tx, held);
    }),
  2: (held) =>
    build(held.name, 2, (db) => {
      makeFirstStores(db);
      db.createObjectStore('search');
      return (tx) => {
        fillFirstStores(tx, held);
        fillSearch(tx);
      };
    }),
  3: (held) =>
    build(held.name, 3, (db) => {
      makeFirstStores(db);
      db.createObjectStore('search');
      db.createObjectStore('projects', { keyPath: 'id' });
      db.createObjectStore('memories', { keyPath: 'id' });
      return (tx) => {
        fillFirstStores(tx, held);
        fillSearch(tx);
      };
    }),
  4: (held) =>
    build(held.name, 4, (db, upgrade) => {
      makeFirstStores(db);
      db.createObjectStore('search');
      db.createObjectStore('projects', { keyPath: 'id' });
      db.createObjectStore('memories', { keyPath: 'id' });
      db.createObjectStore('threads', { keyPath: 'messageId' });
      db.createObjectStore('journal', { keyPath: 'messageId' });
      const messages = upgrade.objectStore('messages');
      messages.createIndex('byParent', 'parentId');
      messages.createIndex('byStar', 'starredAt');
      messages.createIndex('byPin', ['sessionId', 'pinnedAt']);
      return (tx) => {
        fillFirstStores(tx, held);
        fillSearch(tx);
      };
    }),
  5: (held) =>
    build(held.name, 5, (db, upgrade) => {
      makeFirstStores(db);
      db.createObjectStore('search');
      db.createObjectStore('projects', { keyPath: 'id' });
      db.createObjectStore('memories', { keyPath: 'id' });
      db.createObjectStore('threads', { keyPath: 'messageId' });
      db.createObjectStore('journal', { keyPath: 'messageId' });
      db.createObjectStore('threadDrafts', { keyPath: 'threadRoot' });
      const messages = upgrade.objectStore('messages');
      messages.createIndex('byParent', 'parentId');
      messages.createIndex('byStar', 'starredAt');
      messages.createIndex('byPin', ['sessionId', 'pinnedAt']);
      return (tx) => {
        fillFirstStores(tx, held);
        fillSearch(tx);
        const draft = { sessionId: held.sessionId, threadRoot: newMessageId(), content: 'In a thread', at };
        tx.objectStore('threadDrafts').put(draft);
      };
    }),
};

function build(
  name: string,
  version: number,
  make: (db: IDBDatabase, upgrade: IDBTransaction) => (tx: IDBTransaction) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, version);
    let fill: (tx: IDBTransaction) => void = () => {};
    opening.onupgradeneeded = () => {
      if (opening.transaction) fill = make(opening.result, opening.transaction);
    };
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const tx = db.transaction([...db.objectStoreNames], 'readwrite');
      fill(tx);
      tx.oncomplete = () => {
        db.close();
        resolve();
      };
      tx.onabort = () => reject(tx.error);
    };
  });
}

function makeFirstStores(db: IDBDatabase): void {
  db.createObjectStore('sessions', { keyPath: 'id' });
  db.createObjectStore('messages', { keyPath: 'id' }).createIndex('bySession', ['sessionId', 'sortKey']);
  db.createObjectStore('outbox', { keyPath: 'position', autoIncrement: true });
  db.createObjectStore('drafts', { keyPath: 'sessionId' });
  db.createObjectStore('meta');
  db.createObjectStore('quarantine', { autoIncrement: true });
}

function fillSearch(tx: IDBTransaction): void {
  tx.objectStore('search').put({ version: 1, index: 'an old index', versions: [] }, 'index');
}

function fillFirstStores(tx: IDBTransaction, { me, sessionId }: Held): void {
  const marks = { joinedAt: at, deliveredSeq: 2, readSeq: 2 };
  tx.objectStore('sessions').put({
    id: sessionId,
    title: 'Team',
    sessionType: 'general',
    isGroupChat: true,
    maxParticipants: 10,
    projectId: null,
    createdBy: me,
    createdAt: at,
    updatedAt: at,
    lastActivity: at,
    isActive: true,
    lastSeq: 2,
    totalMessages: 1,
    aiModelUsed: null,
    tokensUsed: 0,
    members: [{ userId: me, name: 'Ada', role: 'owner', ...marks }],
    hasOlder: false,
    pendingCreate: false,
    left: false,
  });
  const message = {
    sessionId,
    userId: me,
    role: 'user',
    messageType: 'text',
    parentId: null,
    createdAt: at,
    editedAt: null,
    deletedAt: null,
    reactions: { '👍': [me] },
    feedback: null,
    attachments: [],
    turn: null,
  };
  const [storedId, queuedId, mutationId] = [newMessageId(), newMessageId(), newMutationId()];
  tx.objectStore('messages').put({
    ...message,
    id: storedId,
    seq: 2,
    content: 'Stored',
    sortKey: 2,
    local: null,
  });
  const local = { mutationId, state: 'queued', error: null };
  const queued = { ...message, id: queuedId, seq: 0, content: 'Queued', sortKey: 1e12 + 1, local };
  tx.objectStore('messages').put({ ...queued, reactions: {} });
  tx.objectStore('outbox').add({
    mutationId,
    op: 'message.send',
    input: { id: queuedId, sessionId, content: 'Queued', attachmentIds: [] },
    sessionId,
    state: 'queued',
    error: null,
    attempts: 1,
    lastAttemptAt: at,
    createdAt: at,
  });
  tx.objectStore('drafts').put({ sessionId, content: 'Half a sentence', at });
  tx.objectStore('meta').put('1.2.u3', 'cursor');
  const settings = { language: 'en', tone: 'friendly', length: 'balanced', theme: 'system' };
  tx.objectStore('meta').put(
    { id: me, name: 'Ada', email: null, isGuest: true, role: 'student', settings },
    'me',
  );
}

let db: LocalDb | null = null;
afterEach(async () => {
  await db?.close();
  db = null;
});

describe('an upgrade of the copy on a device', () => {
  it('has a frozen builder for every version that was released', () => {
    expect(Object.keys(released).map(Number)).toEqual(Array.from({ length: VERSION }, (_, i) => i + 1));
  });

  it.each(Object.keys(released).map(Number))(
    'from version %i loses nothing: messages, outbox, draft, cursor, account (invariant 22)',
    async (version) => {
      const me = newUserId();
      const held = { name: storageNameOf(me), me, sessionId: newSessionId() };
      await released[version]?.(held);
      db = await LocalDb.open(me);
      const rows = await db.listMessages(held.sessionId, { limit: 100 });
      expect(rows.map((row) => [row.content, row.local?.state ?? null])).toEqual([
        ['Stored', null],
        ['Queued', 'queued'],
      ]);
      expect(rows[0]?.reactions).toEqual({ '👍': [me] });
      expect((await db.listOutbox()).map(({ op, state, attempts }) => [op, state, attempts])).toEqual([
        ['message.send', 'queued', 1],
      ]);
      expect(await db.strange.list()).toEqual([]);
      expect((await db.listSessions()).map(({ title, waiting, draft }) => [title, waiting, draft])).toEqual([
        ['Team', 1, 'Half a sentence'],
      ]);
      expect([await db.getCursor(), (await db.getMe())?.name]).toEqual(['1.2.u3', 'Ada']);
      // What came later is there to be written to.
      await db.search.saveIndex({ any: 'index' });
      expect(await db.search.index()).toEqual({ any: 'index' });
    },
  );
});
