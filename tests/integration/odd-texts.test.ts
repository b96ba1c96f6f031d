import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEvent } from '../../protocol/apply-event.ts';
import { ChatError } from '../../protocol/errors.ts';
import { DurableEvent } from '../../protocol/events.ts';
import { fingerprintOf } from '../../protocol/fingerprint.ts';
import { newMutationId as id, newMessageId, newSessionId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { ChatSession, Me } from '../../protocol/shapes.ts';
import type { Account } from '../../server/domain/account.ts';
import { toFailure } from '../../server/trpc/error-shape.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => toFailure(error).reason,
  );

async function asked(content = 'Hello') {
  const ada = await world.person('Ada');
  const sessionId = await world.conversation(ada, [], false);
  const messageId = newMessageId();
  await world.say(ada, sessionId, content, messageId);
  return { ada, sessionId, messageId };
}

const eventsOf = async (sessionId: SessionId) => {
  const rows = await world.database.prisma.chatEvent.findMany({
    where: { sessionId },
    orderBy: { seq: 'asc' },
  });
  return rows.map(({ type, seq, payload }) =>
    DurableEvent.parse({ type, sessionId, seq, ...(payload as object) }),
  );
};

describe('a reaction under a name that every object has', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('is refused, and breaks nobody where it was stored before: lists, threads, search and snapshots answer, and agree with the log (invariants 10, 11)', async () => {
    const { ada, sessionId, messageId } = await asked('Where is the prototype?');
    const as = world.as(ada);
    for (const emoji of names)
      expect(await reasonOf(as.message.react({ mutationId: id(), messageId, emoji, on: true }))).toBe(
        'INVALID_INPUT',
      );
    // As an earlier version stored them, rows and log.
    for (const emoji of names) {
      await world.log.change(async (change) => {
        await change.tx.reaction.create({
          data: { messageId, userId: ada.userId, emoji, createdAt: change.now },
        });
        await change.append(sessionId, {
          type: 'reaction.changed',
          messageId,
          emoji,
          userId: ada.userId,
          on: true,
        });
      });
    }
    const { messages } = await as.message.list({ sessionId });
    expect((await as.message.thread({ messageId })).root.id).toBe(messageId);
    expect((await as.message.search({ query: 'prototype' })).hits.map((hit) => hit.message.id)).toEqual([
      messageId,
    ]);
    expect((await as.sync.snapshot({})).sessions[0]?.messages).toEqual(messages);

    let copy: ReturnType<typeof applyEvent> = null;
    for (const event of await eventsOf(sessionId)) copy = applyEvent(copy, event, ada.userId);
    expect(fingerprintOf(copy?.messages ?? [])).toBe(fingerprintOf(messages));
    expect(Object.keys(messages[0]?.reactions ?? {})).toEqual(names.slice(1));

    for (const emoji of names) await as.message.react({ mutationId: id(), messageId, emoji, on: false });
    expect((await as.message.list({ sessionId })).messages[0]?.reactions).toEqual({});
    expect(await world.database.prisma.reaction.count({ where: { messageId } })).toBe(0);
    expect(world.errors).toEqual([]);
  });
});

describe('a text or a time that no database can hold', () => {
  it('is INVALID_INPUT wherever it stands, and an outbox goes on behind it (invariant 5)', async () => {
    const { ada, sessionId, messageId } = await asked();
    const nul = 'a\0b';
    const entry = (op: string, input: object) => ({ mutationId: id(), op, input });
    const { results } = await world.as(ada).outbox.push({
      mutations: [
        entry('session.create', { id: newSessionId(), title: nul }),
        entry('session.update', { sessionId, title: nul }),
        entry('session.update', { sessionId, context: { goal: [nul] } }),
        entry('message.react', { messageId, emoji: nul, on: false }),
        entry('me.update', { name: nul }),
        entry('me.update', { settings: { language: nul } }),
        entry('draft.set', { sessionId, content: nul, at: new Date().toISOString() }),
        entry('project.create', { id: id(), title: nul }),
        entry('people.report', { messageId, reason: nul }),
        entry('message.feedback', { messageId, value: null, reason: nul }),
        entry('message.send', { id: newMessageId(), sessionId, content: 'arrives' }),
      ],
    });
    expect(results.map((r) => (r.ok ? 'ok' : r.error.reason))).toEqual([
      ...Array.from({ length: 10 }, () => 'INVALID_INPUT'),
      'ok',
    ]);
    const never = '2026-99-99T99:99:99.999Z';
    expect(await reasonOf(world.as(ada).draft.set({ sessionId, content: 'x', at: never }))).toBe(
      'INVALID_INPUT',
    );
    expect(await reasonOf(world.as(ada).message.search({ query: 'x', from: never }))).toBe('INVALID_INPUT');
    expect(await reasonOf(world.as(ada).session.join({ token: nul }))).toBe('INVALID_INPUT');
    expect(await reasonOf(world.as(ada).message.search({ query: nul }))).toBe('INVALID_INPUT');
    expect(world.errors).toEqual([]);
  });
});

describe('a name or a title that is more than one line', () => {
  it('is refused, and read back where an earlier version stored it', async () => {
    const { ada, sessionId } = await asked();
    const odd = 'Group\n\u001b[31m\u202edaerht';
    const update = (title: string) => world.as(ada).session.update({ mutationId: id(), sessionId, title });
    expect(await reasonOf(update(odd))).toBe('INVALID_INPUT');
    expect(await reasonOf(world.as(ada).me.update({ name: odd }))).toBe('INVALID_INPUT');

    // As an earlier version stored them, rows and log.
    const { prisma } = world.database;
    const settings = { activity: odd };
    await prisma.user.update({ where: { id: ada.userId }, data: { name: odd, settings } });
    await world.log.change(async (change) => {
      await change.tx.chatSession.update({ where: { id: sessionId }, data: { title: odd } });
      await change.append(sessionId, {
        type: 'session.updated',
        changes: { title: odd },
        at: change.at,
      });
    });
    const me = Me.parse(await world.as(ada).me.get());
    expect([me.name, me.settings.activity]).toEqual([odd, odd]);
    const [session] = (await world.as(ada).sync.snapshot({})).sessions;
    expect(ChatSession.parse(session)).toMatchObject({ title: odd, members: [{ name: odd }] });
    expect((await eventsOf(sessionId)).at(-1)).toMatchObject({ changes: { title: odd } });
    await world.as(ada).me.update({ settings: { theme: 'dark' } });
    await update('Mended');
    expect((await world.as(ada).session.get({ sessionId })).title).toBe('Mended');
    expect(world.errors).toEqual([]);
  });
});

describe('half of a surrogate pair', () => {
  it('is told as it is stored, and sending again what the list shows is the same message (invariant 2)', async () => {
    const { ada, sessionId, messageId } = await asked();
    const as = world.as(ada);
    await as.message.edit({ mutationId: id(), messageId, content: 'edited \udc00' });
    await as.session.update({ mutationId: id(), sessionId, title: 'T \ud800', context: { goal: '\udc00' } });
    const sent = { id: newMessageId(), sessionId, content: 'sent \ud83d' };
    await as.message.send(sent);
    const { messages } = await as.message.list({ sessionId });
    expect(messages.map((m) => m.content)).toEqual(['edited \ufffd', 'sent \ufffd']);
    expect(await as.message.send({ ...sent, content: messages[1]?.content ?? '' })).toMatchObject({
      duplicate: true,
    });
    expect(await as.message.send(sent)).toMatchObject({ duplicate: true });
    const told = JSON.stringify(await eventsOf(sessionId));
    expect(told).not.toMatch(/\\ud[89a-f]/);
    expect(told).toContain('edited \ufffd');
    expect((await as.session.get({ sessionId })).context).toEqual({ goal: '\ufffd' });
  });
});

describe('what is noted about a conversation', () => {
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, n]));
  const update = (who: Account, sessionId: SessionId, context: Record<string, unknown>) =>
    reasonOf(world.as(who).session.update({ mutationId: id(), sessionId, context }));

  it('is measured before anything is made of it, however deep or wide', async () => {
    const { ada, sessionId } = await asked();
    expect(await update(ada, sessionId, { deep: nested(100_000) })).toBe('INVALID_INPUT');
    expect(await update(ada, sessionId, keys(200_000))).toBe('TOO_LARGE');
    expect(await update(ada, sessionId, { wide: Array(200_000).fill(0) })).toBe('TOO_LARGE');
    expect(await update(ada, sessionId, { long: 'x'.repeat(limits.sessionContextLength) })).toBe('TOO_LARGE');
    expect(await update(ada, sessionId, { ['k'.repeat(61)]: 1 })).toBe('INVALID_INPUT');
    for (const context of ['{"__proto__":1}', '{"a":{"__proto__":1}}'])
      expect(await update(ada, sessionId, JSON.parse(context))).toBe('INVALID_INPUT');
    expect(await update(ada, sessionId, { constructor: 1, deep: nested(10) })).toBe('none');
    expect(Object.keys((await world.as(ada).session.get({ sessionId })).context).sort()).toEqual([
      'constructor',
      'deep',
    ]);
    const { results } = await world.as(ada).outbox.push({
      mutations: [
        { mutationId: id(), op: 'session.update', input: { sessionId, context: { deep: nested(100_000) } } },
        { mutationId: id(), op: 'session.update', input: nested(100_000) },
      ],
    });
    expect(results.map((r) => (r.ok ? 'ok' : r.error.reason))).toEqual(['INVALID_INPUT', 'INVALID_INPUT']);
    expect(world.errors).toEqual([]);
  });
});

it('lets a note tell of the NUL character by its name in code', async () => {
  const { ada, sessionId } = await asked();
  const context = { goal: String.raw`explain "\u0000" in C` };
  await world.as(ada).session.update({ mutationId: id(), sessionId, context });
  expect((await world.as(ada).session.get({ sessionId })).context).toEqual(context);
});

describe('an entry with an id that is none', () => {
  it('fails by itself, also behind one that is to be tried again', async () => {
    const { ada, sessionId, messageId } = await asked();
    const { limiter } = world.services;
    let calls = 0;
    world.services.limiter = {
      async consume(kind) {
        calls += 1;
        if (kind === 'write' && calls === 2)
          throw new ChatError('RATE_LIMITED', 'Slower, please.', { retryAfterMs: 1 });
      },
    };
    try {
      const entry = (op: string, input: unknown) => ({ mutationId: id(), op, input });
      const { results } = await world.as(ada).outbox.push({
        mutations: [
          entry('message.send', { id: newMessageId(), sessionId, content: 'to be tried again' }),
          entry('message.edit', { messageId: 'a\0b', content: 'x' }),
          entry('message.edit', { messageId: 'not an id', content: 'x' }),
          entry('message.edit', { messageId, content: 'behind the first' }),
        ],
      });
      expect(results.map((r) => (r.ok ? 'ok' : r.error.reason))).toEqual([
        'RATE_LIMITED',
        'INVALID_INPUT',
        'INVALID_INPUT',
        'UNAVAILABLE',
      ]);
    } finally {
      world.services.limiter = limiter;
    }
  });
});
