import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newSessionId, newUserId } from '../../protocol/ids.ts';
import { snapshotOf } from '../../tests/support/messages.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Trpc } from '../trpc/client.ts';
import type { ConnectionState } from './connection.ts';
import { Ephemeral } from './ephemeral.ts';
import { Store } from './store.ts';
import { SyncClient } from './sync-client.ts';

const at = '2026-11-24T09:30:00.000Z';
const me = newUserId();
const sessionId = newSessionId();
const session = snapshotOf({ id: sessionId, lastSeq: 1, members: [{ userId: me, name: 'Ada' }] });
const renamed = (title: string, seq: number) => ({
  type: 'session.updated',
  sessionId,
  seq,
  changes: { title },
  at,
});
const snapshot = (cursor: string, sessions = [session]) => ({ cursor, sessions, presence: [], drafts: [] });

/** A server whose answers the test gives, one by one. */
let snapshots: ((value: unknown) => void)[];
let refusal: Error | null;
let streams: { cursor: string | undefined; say(id: string, data: object): void }[];
let db: LocalDb;
let sync: SyncClient;

beforeEach(async () => {
  snapshots = [];
  refusal = null;
  streams = [];
  db = await LocalDb.open(me, `sync ${newUserId()}`);
  const trpc = {
    sync: {
      snapshot: {
        query: () =>
          new Promise((resolve, reject) => {
            snapshots.push(resolve);
            if (refusal) reject(refusal);
          }),
      },
    },
    events: {
      subscribe: {
        subscribe(input: { cursor?: string }, handlers: { onData(data: object): void }) {
          streams.push({ cursor: input.cursor, say: (id, data) => handlers.onData({ id, data }) });
          return { unsubscribe() {} };
        },
      },
    },
  };
  sync = new SyncClient({
    db,
    trpc: trpc as unknown as Trpc, // the two calls that it makes
    ephemeral: new Ephemeral(),
    connection: new Store<ConnectionState>({ kind: 'connecting', attempt: 0 }),
    onApplied: () => {},
    onLive: () => {},
    isOnline: () => true,
  });
  sync.start();
  await vi.waitFor(() => expect(snapshots).toHaveLength(1));
});
afterEach(async () => {
  sync.stop();
  await db.close();
});

describe('a snapshot never takes a copy back behind what was applied since (invariants 7 and 8)', () => {
  it('is left when it comes after its connection was given up', async () => {
    sync.reconnectNow();
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    snapshots[1]?.(snapshot('newer'));
    await vi.waitFor(() => expect(streams.map((stream) => stream.cursor)).toEqual(['newer']));
    snapshots[0]?.(snapshot('older', []));
    streams[0]?.say('newest', renamed('Renamed', 2));
    await vi.waitFor(async () => expect(await db.getCursor()).toBe('newest'));
    expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed', left: false });
  });

  it('has nothing applied beside it', async () => {
    snapshots[0]?.(snapshot('first'));
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    streams[0]?.say('told', { type: 'resync', reason: 'This cursor is not one of ours.' });
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    // Still on the wire of the stream that was given up: it comes again, after the snapshot.
    streams[0]?.say('beside', renamed('Renamed', 2));
    snapshots[1]?.(snapshot('second'));
    await vi.waitFor(() => expect(streams.at(-1)?.cursor).toBe('second'));
    expect(await db.getSession(sessionId)).toMatchObject({ title: 'Team', lastSeq: 1 });
    streams[1]?.say('again', renamed('Renamed', 2));
    await vi.waitFor(async () => expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' }));
  });
});

describe('reconnection never ends while the auth session is valid (invariant 11)', () => {
  it('tries again after a hundred failures, and never waits for longer than half a minute', async () => {
    refusal = new Error('no network');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      sync.reconnectNow();
      for (let tries = 2; tries <= 100; tries += 1) {
        await vi.waitFor(() => expect(snapshots.length).toBeGreaterThanOrEqual(tries));
        await vi.advanceTimersByTimeAsync(30_000);
      }
    } finally {
      vi.useRealTimers();
    }
  }, 20_000);

  it('is not wedged by events and snapshots that are none', async () => {
    snapshots[0]?.('<html>Welcome to Campus WiFi</html>');
    sync.reconnectNow();
    await vi.waitFor(() => expect(snapshots).toHaveLength(2));
    snapshots[1]?.(snapshot('first'));
    await vi.waitFor(() => expect(streams).toHaveLength(1));
    for (const junk of [{}, { type: 'message.created', seq: 'nine' }, { type: 'nothing.we.know' }])
      streams[0]?.say('junk', junk);
    await vi.waitFor(() => expect(snapshots).toHaveLength(3));
    snapshots[2]?.(snapshot('second'));
    await vi.waitFor(() => expect(streams.at(-1)?.cursor).toBe('second'));
    streams.at(-1)?.say('third', renamed('Renamed', 2));
    await vi.waitFor(async () => expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' }));
  });
});
