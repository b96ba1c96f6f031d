import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newSessionId, newUserId } from '../../protocol/ids.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { snapshotOf } from '../../tests/support/messages.ts';
import { withoutRoom } from '../../tests/support/no-room.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Trpc } from '../trpc/client.ts';
import type { ConnectionState } from './connection.ts';
import { Ephemeral } from './ephemeral.ts';
import { Store } from './store.ts';
import { SyncClient } from './sync-client.ts';

/** Where applying an event throws, as a mistake of ours would. */
const unappliable = vi.hoisted(() => ({ title: null as string | null }));
vi.mock('../../protocol/apply-event.ts', async (original) => {
  const real = await original<typeof import('../../protocol/apply-event.ts')>();
  const applyEvent: typeof real.applyEvent = (copy, event, me) => {
    if (event.type === 'session.updated' && event.changes.title === unappliable.title && unappliable.title)
      throw new TypeError('undefined is not an object');
    return real.applyEvent(copy, event, me);
  };
  return { ...real, applyEvent };
});

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
let saysOnline: boolean;
let streams: { cursor: string | undefined; say(id: string, data: object): void }[];
let db: LocalDb;
let connection: Store<ConnectionState>;
let onApplied: () => void;
let sync: SyncClient;

beforeEach(async () => {
  snapshots = [];
  refusal = null;
  saysOnline = true;
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
  unappliable.title = null;
  onApplied = () => {};
  connection = new Store<ConnectionState>({ kind: 'connecting', attempt: 0 });
  sync = new SyncClient({
    db,
    trpc: trpc as unknown as Trpc, // the two calls that it makes
    ephemeral: new Ephemeral(),
    connection,
    onApplied: () => onApplied(),
    onLive: () => {},
    isOnline: () => saysOnline,
    leadsAlone: () => true,
  });
  sync.start();
  await eventually(() => expect(snapshots).toHaveLength(1));
});
afterEach(async () => {
  sync.stop();
  await db.close();
});

describe('a snapshot never takes a copy back behind what was applied since (invariants 7 and 8)', () => {
  it('is left when it comes after its connection was given up', async () => {
    sync.reconnectNow();
    await eventually(() => expect(snapshots).toHaveLength(2));
    snapshots[1]?.(snapshot('newer'));
    await eventually(() => expect(streams.map((stream) => stream.cursor)).toEqual(['newer']));
    snapshots[0]?.(snapshot('older', []));
    streams[0]?.say('newest', renamed('Renamed', 2));
    await eventually(async () => expect(await db.getCursor()).toBe('newest'));
    expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed', left: false });
  });

  it('has nothing applied beside it', async () => {
    snapshots[0]?.(snapshot('first'));
    await eventually(() => expect(streams).toHaveLength(1));
    streams[0]?.say('told', { type: 'resync', reason: 'This cursor is not one of ours.' });
    await eventually(() => expect(snapshots).toHaveLength(2));
    // Still on the wire of the stream that was given up: it comes again, after the snapshot.
    streams[0]?.say('beside', renamed('Renamed', 2));
    snapshots[1]?.(snapshot('second'));
    await eventually(() => expect(streams.at(-1)?.cursor).toBe('second'));
    expect(await db.getSession(sessionId)).toMatchObject({ title: 'Team', lastSeq: 1 });
    streams[1]?.say('again', renamed('Renamed', 2));
    await eventually(async () => expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' }));
  });
});

it('goes on from where the next tab has brought the copy, and lays nothing older over it (invariant 8)', async () => {
  const mine = (archivedAt: string | null) => ({
    type: 'session.mine' as const,
    sessionId,
    mine: { pinnedAt: null, mutedUntil: null, archivedAt, markedUnread: false },
  });
  snapshots[0]?.(snapshot('first'));
  await eventually(() => expect(streams).toHaveLength(1));
  // Frozen: the next tab leads, and stores what is newer.
  expect(await db.applyEvents([{ cursor: 'newer', event: mine(at) }], 'first')).toBe('applied');
  streams[0]?.say('older', mine(null));
  await eventually(() => expect(streams.map((stream) => stream.cursor)).toEqual(['first', 'newer']));
  expect(await db.getSession(sessionId)).toMatchObject({ mine: { archivedAt: at } });
});

describe('reconnection never ends while the auth session is valid (invariant 11)', () => {
  it('tries again after a hundred failures, and never waits for longer than half a minute', async () => {
    refusal = new Error('no network');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      sync.reconnectNow();
      for (let tries = 2; tries <= 100; tries += 1) {
        await eventually(() => expect(snapshots.length).toBeGreaterThanOrEqual(tries));
        await vi.advanceTimersByTimeAsync(30_000);
      }
    } finally {
      vi.useRealTimers();
    }
  }, 20_000);

  it('is live on a network that works while the browser says that there is none, and never says otherwise', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      saysOnline = false;
      sync.wentOffline();
      expect(connection.get().kind).toBe('offline');
      await vi.advanceTimersByTimeAsync(60_000);
      await eventually(() => expect(snapshots).toHaveLength(2));
      snapshots[1]?.(snapshot('here'));
      await eventually(() => expect(streams).toHaveLength(1));
      streams[0]?.say('here', { type: 'caught-up', cursor: 'here' });
      await eventually(() => expect(connection.get().kind).toBe('live'));
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not wedged by events and snapshots that are none', async () => {
    snapshots[0]?.('<html>Welcome to Campus WiFi</html>');
    sync.reconnectNow();
    await eventually(() => expect(snapshots).toHaveLength(2));
    snapshots[1]?.(snapshot('first'));
    await eventually(() => expect(streams).toHaveLength(1));
    for (const junk of [{}, { type: 'message.created', seq: 'nine' }, { type: 'nothing.we.know' }])
      streams[0]?.say('junk', junk);
    await eventually(() => expect(snapshots).toHaveLength(3));
    snapshots[2]?.(snapshot('second'));
    await eventually(() => expect(streams.at(-1)?.cursor).toBe('second'));
    streams.at(-1)?.say('third', renamed('Renamed', 2));
    await eventually(async () => expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' }));
  });

  it('sets an event aside that cannot be applied, for a snapshot to mend, and goes on', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    snapshots[0]?.(snapshot('first'));
    await eventually(() => expect(streams).toHaveLength(1));
    unappliable.title = 'Bad';
    streams[0]?.say('bad', renamed('Bad', 2));
    await eventually(() => expect(snapshots).toHaveLength(2));
    expect(connection.get().kind).toBe('connecting');
    expect(await db.getCursor()).toBe('first');
    snapshots[1]?.(snapshot('second', [{ ...session, title: 'Bad', lastSeq: 2 }]));
    await eventually(() => expect(streams.at(-1)?.cursor).toBe('second'));
    streams.at(-1)?.say('third', renamed('Renamed', 3));
    await eventually(async () => expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' }));
    expect(console.error).toHaveBeenCalledOnce();
    vi.mocked(console.error).mockClear();
  });

  it('is never said to be live on a device that is full, which asks ever more seldom (row S26)', async () => {
    snapshots[0]?.(snapshot('first'));
    await eventually(() => expect(streams).toHaveLength(1));
    const states: ConnectionState[] = [];
    connection.subscribe(() => states.push(connection.get()));
    await withoutRoom(async () => {
      for (const attempt of [1, 2, 3]) {
        const held = streams.length;
        streams.at(-1)?.say('second', renamed('Renamed', 2));
        streams.at(-1)?.say('end', { type: 'caught-up', cursor: 'second' });
        await eventually(() =>
          expect(states).toContainEqual(expect.objectContaining({ kind: 'waiting', attempt })),
        );
        await eventually(() => expect(streams.length).toBeGreaterThan(held));
      }
    });
    expect(states.map((state) => state.kind)).not.toContain('live');
    streams.at(-1)?.say('second', renamed('Renamed', 2));
    streams.at(-1)?.say('end', { type: 'caught-up', cursor: 'second' });
    await eventually(() => expect(connection.get().kind).toBe('live'));
    expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed' });
  }, 20_000);

  it('goes on when whoever is told of events throws', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    snapshots[0]?.(snapshot('first'));
    await eventually(() => expect(streams).toHaveLength(1));
    const mistake = () => {
      throw new Error('a mistake of ours');
    };
    onApplied = mistake;
    db.subscribe(['sessions'], mistake);
    connection.subscribe(mistake);
    streams[0]?.say('second', renamed('Renamed', 2));
    streams[0]?.say('end', { type: 'caught-up', cursor: 'second' });
    await eventually(async () => expect(await db.getCursor()).toBe('second'));
    streams[0]?.say('third', renamed('Renamed again', 3));
    await eventually(async () =>
      expect(await db.getSession(sessionId)).toMatchObject({ title: 'Renamed again' }),
    );
    expect(streams).toHaveLength(1);
    expect(connection.get().kind).toBe('live');
    vi.mocked(console.error).mockClear();
  });
});
