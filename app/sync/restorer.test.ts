import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DurableEvent } from '../../protocol/events.ts';
import { forkWith } from '../../protocol/forks.ts';
import { newMessageId, newSessionId, newUserId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';
import { ChatSession, Me, Settings } from '../../protocol/shapes.ts';
import { messageOf, snapshotOf } from '../../tests/support/messages.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { nothingMade } from '../local-db/rows.ts';
import { createExclusive, PUSH_FROZEN_MS } from '../outbox/exclusive.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { Trpc } from '../trpc/client.ts';
import { Restorer } from './restorer.ts';

let [me, ben]: UserId[] = [newUserId(), newUserId()];
let sessionId: SessionId = newSessionId();
let db: LocalDb;
let outbox: Outbox;
let restorer: Restorer;
let isOnline: boolean;
let startedOver: number;
/** What a push is answered with, while there is a network. */
let replies: 'none' | 'refused' | 'confirmed';
let account: Me;
/** How far the server's conversation is. */
let serverSeq: number;
/** What happens while the server answers. */
let meanwhile: (() => Promise<void>) | null;

const first = () => messageOf({ sessionId, seq: 2, userId: me as UserId, content: 'First' });
let [question, other] = [first(), first()];

const session = () =>
  snapshotOf({
    id: sessionId,
    lastSeq: 3,
    messages: [question, other],
    members: [
      { userId: me as UserId, name: 'Ada' },
      { userId: ben as UserId, name: 'Ben' },
    ],
  });
const forks = () =>
  Object.fromEntries([
    [question.id, forkWith({}, { id: question.id, place: 2, branch: null, kind: 'question' }, [], other.id)],
  ]);

/** The server as this device would find it: nothing of what is asked for here was ever done. */
function trpcOf(): Trpc {
  const answer = (found: () => unknown) => ({
    query: async () => {
      if (!isOnline) throw new TypeError('Failed to fetch');
      return found();
    },
  });
  return {
    me: { get: answer(() => account) },
    session: {
      get: answer(() => ({
        ...ChatSession.parse({ ...session(), forks: forks() }),
        lastSeq: serverSeq,
        mine: nothingMade,
      })),
    },
    message: {
      thread: answer(async () => {
        const root = question;
        await meanwhile?.();
        return { root, replies: [] };
      }),
    },
  } as unknown as Trpc; // the procedures that are asked here
}

beforeEach(async () => {
  [me, ben] = [newUserId(), newUserId()];
  sessionId = newSessionId();
  [question, other] = [first(), { ...first(), id: newMessageId(), seq: 3 }];
  const settings = Settings.parse({});
  account = Me.parse({ id: me, name: 'Ada', email: null, isGuest: true, role: 'student', settings });
  isOnline = false;
  replies = 'none';
  startedOver = 0;
  serverSeq = 3;
  meanwhile = null;
  db = await LocalDb.open(me as UserId);
  await db.saveMe(account);
  const nothing = { presence: [], drafts: [], projects: [], memories: [], mine: [], threads: [] };
  await db.applySnapshot({ ...nothing, cursor: 'c1', sessions: [{ ...session(), forks: forks() }] });
  open();
});
afterEach(async () => {
  restorer.close();
  outbox.close();
  await db.close();
});

function open(): void {
  const trpc = trpcOf();
  const startOver = async () => {
    startedOver += 1;
  };
  restorer = new Restorer({ db, trpc, startOver });
  outbox = new Outbox({
    db,
    me: () => account,
    push: async (mutations) => {
      if (!isOnline || replies === 'none') throw new TypeError('Failed to fetch');
      const error = { reason: 'CONFLICT', message: 'Not now.', retryable: false };
      const outcome = replies === 'confirmed' ? { ok: true, result: {} } : { ok: false, error };
      return { results: mutations.map(({ mutationId }) => ({ mutationId, ...outcome })) };
    },
    failureOf: () => null,
    exclusive: createExclusive(PUSH_FROZEN_MS),
    onSignedOut: () => {},
    onOwed: () => void restorer.pay(),
    storedMessage: async () => question,
    random: () => 0,
  });
}

/** All that is shown of it. */
const shown = async () => {
  const held = await db.getSession(sessionId);
  const { name, settings, blocked } = (await db.getMe()) as Me; // stored before each
  return {
    left: held?.left,
    title: held?.title,
    mine: held?.mine,
    forks: held?.forks,
    content: (await db.getMessage(question.id))?.content,
    me: { name, settings, blocked },
  };
};

const changes: [OutboxOp, () => object, (() => object)?][] = [
  ['session.leave', () => ({ sessionId })],
  ['session.update', () => ({ sessionId, title: 'Another' })],
  ['session.mine', () => ({ sessionId, pinned: true, archived: true })],
  ['message.show', () => ({ messageId: question.id })],
  ['message.edit', () => ({ messageId: question.id, content: 'Other words' })],
  ['me.update', () => ({ name: 'Somebody', settings: { tone: 'formal' } })],
  ['people.block', () => ({ userId: ben, on: true }), () => ({ personName: 'Ben' })],
];

it.each(changes)(
  'shows a %s that was given up offline as the server has it, once there is a network',
  async (op, input, extra) => {
    const before = await shown();
    const mutationId = await outbox.enqueue(op, input() as never, extra?.()); // each fits its own op
    expect(await shown()).not.toEqual(before);
    await outbox.discard(mutationId);
    // The app is closed, and opened where there is a network.
    outbox.close();
    restorer.close();
    await restorer.pay();
    open();
    isOnline = true;
    await restorer.pay();
    expect(await shown()).toEqual(before);
    expect(await (await db.restores()).owed()).toEqual([]);
  },
);

it.each(changes)(
  'shows a %s that was refused as the server has it, and keeps it for its person (invariant 5)',
  async (op, input, extra) => {
    const before = await shown();
    [isOnline, replies] = [true, 'refused'];
    await outbox.enqueue(op, input() as never, extra?.()); // each fits its own op
    await expect.poll(shown).toEqual(before);
    expect((await db.listOutbox()).map((entry) => [entry.op, entry.state])).toEqual([[op, 'failed']]);
  },
);

it.each(changes)(
  'shows a %s that is confirmed after something newer was told below it as the server has it (invariant 7)',
  async (op, input, extra) => {
    const before = await shown();
    await outbox.enqueue(op, input() as never, extra?.()); // each fits its own op
    const changed = await shown();
    const trpc = trpcOf();
    isOnline = true;
    const restores = await db.restores();
    await restores.me(await trpc.me.get.query());
    await restores.session(ChatSession.parse(await trpc.session.get.query({ sessionId })));
    await restores.message((await trpc.message.thread.query({ messageId: question.id })).root);
    expect(await shown()).toEqual(changed);
    replies = 'confirmed';
    outbox.resume();
    await expect.poll(shown).toEqual(before);
    expect(await db.listOutbox()).toEqual([]);
    await expect.poll(async () => (await db.restores()).owed()).toEqual([]);
  },
);

it('fetches what a conversation was told of while it stood as left (invariant 7)', async () => {
  await outbox.discard(await outbox.enqueue('session.leave', { sessionId }));
  isOnline = true;
  serverSeq = 4;
  await restorer.pay();
  expect(startedOver).toBe(1);
});

it('lays no answer over what was told while it was on its way, and asks again (invariant 7)', async () => {
  await outbox.discard(await outbox.enqueue('message.edit', { messageId: question.id, content: 'Given up' }));
  isOnline = true;
  meanwhile = async () => {
    meanwhile = null;
    question = { ...question, content: 'Newer', editedAt: '2026-11-24T09:40:00.000Z' };
    const { id: messageId, content, editedAt } = question;
    const event = { type: 'message.edited', sessionId, messageId, seq: 4, content, editedAt, at: editedAt };
    await db.applyEvents([{ cursor: 'c2', event: DurableEvent.parse(event) }]);
  };
  await restorer.pay();
  expect((await shown()).content).toBe('Newer');
  expect(await (await db.restores()).owed()).toEqual([]);
});

it('counts nothing of a conversation twice: what was fetched ahead of what was told waits for it (invariant 7)', async () => {
  await outbox.discard(await outbox.enqueue('session.update', { sessionId, title: 'Another' }));
  isOnline = true;
  serverSeq = 4;
  await restorer.pay();
  expect((await shown()).title).toBe('Another');
  const event = {
    type: 'session.updated',
    sessionId,
    seq: 4,
    changes: { maxParticipants: 7 },
    at: '2026-11-24T09:40:00.000Z',
  };
  await db.applyEvents([{ cursor: 'c2', event: DurableEvent.parse(event) }]);
  await restorer.pay();
  expect((await shown()).title).not.toBe('Another');
  expect(await (await db.restores()).owed()).toEqual([]);
});

it('shows what still waits on top of what was given up', async () => {
  const given = await outbox.enqueue('me.update', { settings: { tone: 'formal' } });
  await outbox.enqueue('people.block', { userId: ben as UserId, on: true }, { personName: 'Ben' });
  await outbox.enqueue('message.edit', { messageId: question.id, content: 'Other words' });
  const left = await outbox.enqueue('session.mine', { sessionId, pinned: true });
  await outbox.enqueue('session.leave', { sessionId });
  await outbox.discard(given);
  await outbox.discard(left);
  isOnline = true;
  await restorer.pay();
  const after = await shown();
  expect([after.me.settings.tone, after.me.blocked]).toEqual(['friendly', [{ userId: ben, name: 'Ben' }]]);
  expect([after.content, after.left, after.mine?.pinnedAt]).toEqual(['Other words', true, null]);
});

it('owes what the server says is not there no longer', async () => {
  const refused = new TRPCClientError('There is no such conversation.', {
    result: { error: { data: { reason: 'NOT_FOUND', retryable: false } } } as never, // what failureOf reads of it
  });
  await outbox.discard(await outbox.enqueue('session.update', { sessionId, title: 'Another' }));
  isOnline = true;
  restorer.close();
  const trpc = { session: { get: { query: () => Promise.reject(refused) } } } as unknown as Trpc; // all that is asked
  restorer = new Restorer({ db, trpc, startOver: async () => {} });
  await restorer.pay();
  expect(await (await db.restores()).owed()).toEqual([]);
});
