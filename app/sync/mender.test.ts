import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSessionId, newUserId, type SessionId } from '../../protocol/ids.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { openChatIdb } from '../local-db/schema.ts';
import type { ConnectionState } from './connection.ts';
import { Mender } from './mender.ts';
import { Store } from './store.ts';

const sessionId = newSessionId();
const live: ConnectionState = { kind: 'live', since: 0 };
let db: LocalDb;
let connection: Store<ConnectionState>;
let compared: SessionId[];
let isAtRest: boolean;
let snapshots: number;
let stop: () => void;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  connection = new Store<ConnectionState>({ kind: 'offline' });
  compared = [];
  isAtRest = true;
  snapshots = 0;
  stop = new Mender({
    db,
    connection,
    compare: async (id) => {
      compared.push(id);
      return isAtRest;
    },
    compareRecent: () => {},
    takeSnapshot: async () => {
      snapshots += 1;
    },
    showWaiting: async () => {},
    saveMe: async () => {},
  }).start();
});
afterEach(async () => {
  stop();
  await db.close();
});

async function plant(store: 'sessions' | 'messages', row: unknown): Promise<void> {
  const nothing = () => {};
  const events = { onCreated: () => true, onBlocked: nothing, onLost: nothing, onWiped: nothing };
  const idb = await openChatIdb(db.storage, events);
  await idb.put(store, row);
  idb.close();
}

describe('what was set aside', () => {
  it('is fetched once there is a network, and again until the conversation is at rest (invariant 7)', async () => {
    await plant('messages', { id: 'junk', sessionId, sortKey: 2 });
    await db.listMessages(sessionId, { limit: 10 });
    isAtRest = false;
    connection.set(live);
    await expect.poll(() => compared).toEqual([sessionId]);
    isAtRest = true;
    await db.strange.remove(1);
    await expect.poll(() => compared).toEqual([sessionId, sessionId]);
    await db.strange.remove(1);
    expect(compared).toEqual([sessionId, sessionId]);
  });

  it('is fetched with everything else when it said which conversations are here', async () => {
    connection.set(live);
    await plant('sessions', { id: 'none of ours' });
    await db.listSessions();
    await expect.poll(() => snapshots).toBe(1);
  });
});
