import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  newMessageId,
  newMutationId,
  newSessionId,
  newUserId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import { type ChatMessage, Me } from '../../protocol/shapes.ts';
import { messageOf, snapshotOf } from '../../tests/support/messages.ts';
import { withoutRoom } from '../../tests/support/no-room.ts';
import { LocalDb } from './local-db.ts';
import { openChatIdb } from './schema.ts';

const nothingKept = { projects: [], memories: [], mine: [], threads: [] };
const at = '2026-11-24T09:30:00.000Z';
let [me, ben]: UserId[] = [newUserId(), newUserId()];
let sessionId: SessionId;
let db: LocalDb;

const message = (seq: number, userId: UserId, content: string) =>
  messageOf({ sessionId, seq, userId, content });

const session = (lastSeq: number, messages: ChatMessage[]) =>
  snapshotOf({
    id: sessionId,
    lastSeq,
    messages,
    members: [
      { userId: me as UserId, name: 'Ada' },
      { userId: ben as UserId, name: 'Ben' },
    ],
  });

beforeEach(async () => {
  [me, ben] = [newUserId(), newUserId()];
  sessionId = newSessionId();
  db = await LocalDb.open(me as UserId);
  await db.applySnapshot({
    cursor: 'c1',
    sessions: [session(2, [message(2, ben as UserId, 'Hello')])],
    presence: [],
    drafts: [],
    projects: [],
    memories: [],
    mine: [],
    threads: [],
  });
});
afterEach(() => db.close());

const bodies = async () => (await db.listMessages(sessionId, { limit: 100 })).map((row) => row.content);

describe('names of those who have left', () => {
  const former = async () => (await db.getSession(sessionId))?.former;
  const leave = (seq: number) =>
    db.applyEvents([
      {
        cursor: `c${seq}`,
        event: {
          type: 'member.left',
          sessionId,
          seq,
          userId: ben as UserId,
          by: ben as UserId,
          at,
        },
      },
    ]);
  const fresh = (fields: object) =>
    db.applySnapshot({
      cursor: 'c9',
      sessions: [snapshotOf({ id: sessionId, lastSeq: 3, members: [{ userId: me as UserId, name: 'Ada' }] })],
      presence: [],
      drafts: [],
      projects: [],
      memories: [],
      mine: [],
      threads: [],
      ...fields,
    });

  it('are kept when they leave, and over a snapshot that does not tell', async () => {
    await leave(3);
    expect(await former()).toEqual({ [ben as string]: 'Ben' });
    await fresh({});
    expect(await former()).toEqual({ [ben as string]: 'Ben' });
  });

  it('are what the server tells, where it does', async () => {
    await fresh({ former: [{ sessionId, userId: ben, name: 'Deleted account' }] });
    expect(await former()).toEqual({ [ben as string]: 'Deleted account' });
    await fresh({ former: [] });
    expect(await former()).toEqual({});
  });

  it('change with a comparison, which forgets nobody who has left since', async () => {
    await leave(3);
    const answer = { at, sessions: [] };
    await db.applyVerification({ ...answer, former: [] }, new Map());
    expect(await former()).toEqual({ [ben as string]: 'Ben' });
    const named = { sessionId, userId: ben as UserId, name: 'Deleted account' };
    await db.applyVerification({ ...answer, former: [named] }, new Map());
    expect(await former()).toEqual({ [ben as string]: 'Deleted account' });
  });
});

describe("the device's own copy", () => {
  it('moves the cursor only in the transaction that applies the event (invariant 8)', async () => {
    const next = message(3, ben as UserId, 'Again');
    await db.applyEvents([
      { cursor: 'c2', event: { type: 'message.created', sessionId, seq: 3, message: next } },
    ]);
    expect([await db.getCursor(), await bodies()]).toEqual(['c2', ['Hello', 'Again']]);
    // A hole: neither the event nor its cursor is taken.
    const gap = await db.applyEvents([
      {
        cursor: 'c9',
        event: { type: 'message.created', sessionId, seq: 9, message: message(9, ben as UserId, 'Far') },
      },
    ]);
    expect([gap, await db.getCursor(), await bodies()]).toEqual(['gap', 'c2', ['Hello', 'Again']]);
  });

  it('takes a replayed event once', async () => {
    const event = {
      type: 'message.created',
      sessionId,
      seq: 3,
      message: message(3, ben as UserId, 'Once'),
    } as const;
    for (const cursor of ['c2', 'c2', 'c2']) await db.applyEvents([{ cursor, event }]);
    expect(await bodies()).toEqual(['Hello', 'Once']);
  });

  it('counts unread from my read mark, without my own messages (invariant 13)', async () => {
    const unread = async () => (await db.listSessions())[0]?.unread;
    expect(await unread()).toBe(1);
    await db.applyEvents([
      {
        cursor: 'c2',
        event: { type: 'message.created', sessionId, seq: 3, message: message(3, me as UserId, 'Mine') },
      },
    ]);
    expect(await unread()).toBe(1);
    await db.applyEvents([
      {
        cursor: 'c3',
        event: { type: 'receipt', sessionId, userId: me as UserId, deliveredSeq: 3, readSeq: 2 },
      },
    ]);
    expect(await unread()).toBe(0);
  });

  it('counts as unread what a fresh snapshot does not bring along, until it is read (invariant 13)', async () => {
    const messages = Array.from({ length: 130 }, (_, i) => message(10 + i, ben as UserId, `m${i}`));
    const held = session(139, messages.slice(-50));
    const nothing = { presence: [], drafts: [], projects: [], memories: [], mine: [], threads: [] };
    await db.applySnapshot({ ...nothing, cursor: 'c2', sessions: [{ ...held, hasMore: true, unread: 130 }] });
    const unread = async () => (await db.listSessions())[0]?.unread;
    expect(await unread()).toBe(130);
    // The count stands while older ones come in, and new ones.
    await db.addOlder(sessionId, { messages: messages.slice(40, 80), hasMore: true });
    const next = message(140, ben as UserId, 'Again');
    await db.applyEvents([
      { cursor: 'c3', event: { type: 'message.created', sessionId, seq: 140, message: next } },
    ]);
    expect(await unread()).toBe(131);
    const mark = async (cursor: string, readSeq: number) => {
      const event = {
        type: 'receipt',
        sessionId,
        userId: me as UserId,
        deliveredSeq: readSeq,
        readSeq,
      } as const;
      await db.applyEvents([{ cursor, event }]);
    };
    // Read on another device, up to ten before the first that is here.
    await mark('c4', 39);
    expect(await unread()).toBe(101);
    await mark('c5', 140);
    expect(await unread()).toBe(0);
    await db.addOlder(sessionId, { messages: messages.slice(0, 40), hasMore: false });
    expect([await unread(), (await db.getSession(sessionId))?.olderUnread]).toEqual([0, 0]);
  });

  it('holds of a conversation that I came back to what is said from then on (invariant 7)', async () => {
    const { messages: _messages, hasMore: _hasMore, ...again } = session(5, []);
    const member = again.members.find(({ userId }) => userId === me);
    if (!member) throw new Error('I am in it');
    await db.applyEvents([
      {
        cursor: 'c2',
        event: { type: 'member.left', sessionId, seq: 3, userId: member.userId, by: again.createdBy, at },
      },
      { cursor: 'c3', event: { type: 'member.joined', sessionId, seq: 5, member, session: again } },
      {
        cursor: 'c4',
        event: { type: 'message.created', sessionId, seq: 6, message: message(6, ben as UserId, 'Welcome') },
      },
    ]);
    expect([await bodies(), (await db.getSession(sessionId))?.left]).toEqual([['Welcome'], false]);
  });

  it('sets rows aside that are not ours, once, shows the rest, and says what has to be fetched again', async () => {
    const nothing = () => {};
    const events = { onCreated: () => true, onBlocked: nothing, onLost: nothing, onWiped: nothing };
    const idb = await openChatIdb(db.storage, events);
    const damage: unknown[] = [];
    db.onDamage((one) => damage.push(one));
    await idb.put('messages', { id: 'junk', sessionId, sortKey: 2, content: 42 });
    // Complete, and yet not where its seq says.
    const strayed = { ...message(1, ben as UserId, 'Strayed'), sortKey: 7, local: null };
    await idb.put('messages', strayed);
    await idb.put('sessions', { id: 'none of ours' });
    await idb.put('drafts', { sessionId, content: null });
    expect([await bodies(), await bodies(), (await db.listSessions()).length]).toEqual([
      ['Hello'],
      ['Hello'],
      1,
    ]);
    await expect.poll(() => idb.count('quarantine')).toBe(4);
    expect([await idb.get('messages', 'junk'), await idb.get('sessions', 'none of ours')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(damage).toHaveLength(4);
    expect(damage).toContainEqual({ kind: 'messages', sessionId });
    expect(damage).toContainEqual({ kind: 'all' });
    idb.close();
  });

  it('keeps an entry of the outbox that it cannot read, and tells of it', async () => {
    await db.write('strict', async (tx) => {
      await tx.objectStore('outbox').add({ op: 'message.send', input: { content: 'Mine' }, state: 'melted' });
    });
    expect([await db.listOutbox(), (await db.strange.list()).map(({ op, input }) => [op, input])]).toEqual([
      [],
      [['message.send', { content: 'Mine' }]],
    ]);
  });

  it('takes an event only once its conversation has caught up to it, however many share a transaction', async () => {
    const created = (seq: number) =>
      ({
        cursor: `c${seq}`,
        event: { type: 'message.created', sessionId, seq, message: message(seq, ben as UserId, `m${seq}`) },
      }) as const;
    const result = await db.applyEvents([created(3), created(4), created(6), created(7)]);
    expect([result, await db.getCursor(), await bodies()]).toEqual(['gap', 'c4', ['Hello', 'm3', 'm4']]);
    expect((await db.getSession(sessionId))?.lastSeq).toBe(4);
  });

  it('reads a window of a long conversation, from either side, however its seqs are spread', async () => {
    let seq = 10;
    const messages = Array.from({ length: 500 }, (_, i) => {
      seq += 1 + ((i * 7) % 5);
      return message(seq, ben as UserId, `m${i}`);
    });
    await db.addOlder(sessionId, { messages, hasMore: false });
    const key = (i: number) => messages[i]?.seq ?? 0;
    const names = (rows: { content: string }[]) => [rows.length, rows[0]?.content, rows.at(-1)?.content];
    expect(names(await db.listMessages(sessionId, { limit: 100 }))).toEqual([100, 'm400', 'm499']);
    expect(names(await db.listMessages(sessionId, { limit: 100, before: key(400) }))).toEqual([
      100,
      'm300',
      'm399',
    ]);
    expect(names(await db.listMessages(sessionId, { limit: 5, before: key(400) }))).toEqual([
      5,
      'm395',
      'm399',
    ]);
    expect(names(await db.listMessages(sessionId, { limit: 400, before: key(40) }))).toEqual([
      41,
      'Hello',
      'm39',
    ]);
    expect(names(await db.listMessagesAfter(sessionId, key(400), 50))).toEqual([50, 'm401', 'm450']);
    expect(names(await db.messagesBetween(sessionId, key(10), key(20)))).toEqual([11, 'm10', 'm20']);
  });

  it('fills a window with what is shown, whatever was taken back among it', async () => {
    const messages = Array.from({ length: 400 }, (_, i) => ({
      ...message(10 + i, ben as UserId, `m${i}`),
      withdrawn: i >= 50 && i < 350,
    }));
    await db.addOlder(sessionId, { messages, hasMore: false });
    const names = (rows: { content: string }[]) => [rows.length, rows[0]?.content, rows.at(-1)?.content];
    expect(names(await db.listMessages(sessionId, { limit: 80 }))).toEqual([80, 'm20', 'm399']);
    expect(names(await db.listMessages(sessionId, { limit: 20, before: 350 }))).toEqual([20, 'm30', 'm49']);
    expect(names(await db.listMessagesAfter(sessionId, 10 + 39, 20))).toEqual([20, 'm40', 'm359']);
  });

  it('keeps a draft of the server by the server’s time, so that a clock that was ahead here does not win for ever', async () => {
    const draft = (cursor: string, content: string, time: string) =>
      db.applyEvents([{ cursor, event: { type: 'draft', sessionId, content, at: time } }]);
    await db.drafts.save({ sessionId }, 'typed here', '2030-01-01T00:00:00.000Z');
    await draft('c5', 'older, from elsewhere', '2026-11-25T10:00:00.000Z');
    expect(await db.drafts.get({ sessionId })).toBe('typed here');
    // As the server took it.
    await draft('c6', 'typed here', '2026-11-25T10:05:00.000Z');
    await draft('c7', 'typed here and elsewhere', '2026-11-25T10:06:00.000Z');
    expect(await db.drafts.get({ sessionId })).toBe('typed here and elsewhere');
  });

  it('tells that there is no room for as long as there is none, whoever wrote (row S26)', async () => {
    const told: string[] = [];
    db.onCondition((condition) => told.push(condition));
    const next = {
      type: 'message.created',
      sessionId,
      seq: 3,
      message: message(3, ben as UserId, 'New'),
    } as const;
    await withoutRoom(() => expect(db.applyEvents([{ cursor: 'c2', event: next }])).rejects.toThrow('quota'));
    expect([db.condition, await bodies()]).toEqual(['full', ['Hello']]);
    // Needs no room, and tells of none.
    await withoutRoom(() => db.write('relaxed', (tx) => tx.objectStore('threads').delete('none')));
    expect(db.condition).toBe('full');
    await db.applyEvents([{ cursor: 'c2', event: next }]);
    expect([db.condition, await bodies()]).toEqual(['fine', ['Hello', 'New']]);
    expect(told).toEqual(['full', 'fine']);
  });

  it('asks for everything anew when it is told of a conversation whose row was lost here (invariant 7)', async () => {
    await db.write('relaxed', (tx) => tx.objectStore('sessions').delete(sessionId));
    const next = message(3, ben as UserId, 'Are you there?');
    const told = {
      cursor: 'c2',
      event: { type: 'message.created', sessionId, seq: 3, message: next },
    } as const;
    expect(await db.applyEvents([told])).toBe('gap');
    // That I left one which is not here tells of nothing that is missing.
    const left = { type: 'member.left', sessionId, seq: 4, userId: me, by: me, at } as const;
    expect(await db.applyEvents([{ cursor: 'c3', event: left as never }])).toBe('applied');
  });

  it('keeps what is queued when a fresh snapshot replaces the rest (invariant 9)', async () => {
    const own = message(0, me as UserId, 'Not sent yet');
    await db.write('strict', async (tx) => {
      const local = { mutationId: newMessageId(), state: 'queued', error: null };
      await tx.objectStore('messages').put({ ...own, sortKey: 1e12 + 1, local });
    });
    await db.applySnapshot({
      cursor: 'c5',
      sessions: [session(7, [message(7, ben as UserId, 'Fresh')])],
      presence: [],
      drafts: [],
      projects: [],
      memories: [],
      mine: [],
      threads: [],
    });
    expect(await bodies()).toEqual(['Fresh', 'Not sent yet']);
  });

  it('takes the mark of a thread back for no event and no snapshot (invariant 13)', async () => {
    const messageId = newMessageId();
    const mark = (readSeq: number) => ({ sessionId, messageId, readSeq });
    const told = (readSeq: number, cursor: string) =>
      db.applyEvents([{ cursor, event: { type: 'thread.read', ...mark(readSeq) } }]);
    const held = async () => (await db.marked.threadMarks(sessionId)).get(messageId);
    await told(5, 'c2');
    await told(3, 'c3');
    expect(await held()).toBe(5);
    const snapshot = { cursor: 'c4', sessions: [session(2, [])], presence: [], drafts: [], ...nothingKept };
    await db.applySnapshot({ ...snapshot, threads: [mark(4)] });
    expect(await held()).toBe(5);
    await told(6, 'c5');
    expect(await held()).toBe(6);
  });

  it('brings oneself along, with what waits to be changed of it on top (invariants 7 and 9)', async () => {
    const server = Me.parse({
      id: me,
      name: 'Ada of another device',
      email: null,
      isGuest: true,
      role: 'student',
      settings: { tone: 'formal', privacy: { showPresence: false } },
    });
    const snapshot = { cursor: 'c5', sessions: [], presence: [], drafts: [], ...nothingKept, me: server };
    await db.applySnapshot(snapshot);
    expect(await db.getMe()).toEqual(server);
    const blocked = [{ userId: ben as UserId, name: 'Ben' }];
    await db.saveMe({ ...server, blocked });
    await db.write('strict', async (tx) => {
      const queued = { state: 'queued', error: null, attempts: 0, lastAttemptAt: null, createdAt: at };
      for (const [op, change] of [
        ['people.block', { userId: ben, on: true }],
        ['me.update', { settings: { length: 'short', privacy: { showTyping: false } } }],
      ] as const) {
        const mutationId = newMutationId();
        const input = { mutationId, ...change };
        await tx.objectStore('outbox').add({ mutationId, op, input, sessionId: null, ...queued });
      }
    });
    await db.applySnapshot(snapshot);
    const privacy = { ...server.settings.privacy, showTyping: false, showPresence: false };
    const settings = { ...server.settings, length: 'short', privacy };
    expect(await db.getMe()).toEqual({ ...server, settings, blocked });
  });
});
