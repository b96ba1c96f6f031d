import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEvent, type SessionCopy, type SessionEvent } from '../../protocol/apply-event.ts';
import {
  newAttachmentId,
  newMemoryId,
  newMessageId,
  newMutationId,
  newPictureId,
  newProjectId,
  type SessionId,
} from '../../protocol/ids.ts';
import { bookAnswer } from '../../server/agent/ledger.ts';
import type { Account } from '../../server/domain/account.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createPresenceStore } from '../../server/store/presence-store.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { listen } from '../support/listen.ts';
import { agent, createWorld, type World } from '../support/world.ts';

/** Two nodes; the second hears the first over the bus. */
let world: World;
let other: World;
let drop: () => Promise<void>;
beforeAll(async () => {
  const network = new MemoryBusNetwork();
  const { url, drop: dropDatabase } = await createEmptyDatabase();
  drop = dropDatabase;
  world = await createWorld({ databaseUrl: url, bus: network.join(), nodeId: 'one' });
  other = await createWorld({ databaseUrl: url, bus: network.join(), nodeId: 'two' });
});
afterAll(async () => {
  for (const node of [world, other]) {
    expect(node.errors).toEqual([]);
    await node.close();
  }
  await drop();
});

const id = () => newMutationId();
const gone = (who: Account) => world.as(who).me.delete({ confirm: 'delete my account' });
const say = async (who: Account, sessionId: SessionId, content: string) => {
  const messageId = newMessageId();
  await world.as(who).message.send({ id: messageId, sessionId, content });
  return messageId;
};

/** Every table with every row in which this text stands, as "table": columns. */
async function whereIs(text: string): Promise<Record<string, string[]>> {
  const { pool } = world.database;
  const columns = await pool.query<{ table: string; column: string }>(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY 1, 2`,
  );
  const found: Record<string, string[]> = {};
  for (const { table, column } of columns.rows) {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM "${table}" t WHERE position($1 in "${column}"::text) > 0 LIMIT 1`,
      [text],
    );
    if (rowCount) found[table] = [...(found[table] ?? []), column];
  }
  return found;
}

/** Somebody of whom there is a row in every table that can hold one. */
async function livedHere() {
  const { prisma } = world.database;
  const name = 'Ada "the \\ Great" Lovelace';
  const [ada, ben, cem] = [await world.person(name), await world.person('Ben'), await world.person('Cem')];
  const { userId } = ada;
  const email = `${userId}@example.test`;
  const own = await world.conversation(ada, [], true);
  await say(ada, own, 'a secret for Agent Jay');
  const shared = await world.conversation(ben, [ada, cem], true);
  const direct = await world.conversation(ada, [cem]);
  await world.as(ben).session.update({ mutationId: id(), sessionId: shared, title: 'About maize' });
  const messageId = await say(ben, shared, 'hello');
  const said = await say(ada, shared, '@jay and all');
  await world.as(ada).receipt.mark({ sessionId: shared, deliveredSeq: 4, readSeq: 4 });
  await world.as(ada).message.star({ mutationId: id(), messageId, on: true });
  await world.as(ada).message.react({ mutationId: id(), messageId, emoji: '👍', on: true });
  await world.as(ada).session.mine({ mutationId: id(), sessionId: shared, pinned: true });
  await world.as(ada).thread.read({ sessionId: shared, messageId, readSeq: 3 });
  await world.as(ada).draft.set({ sessionId: shared, content: 'a draft', at: '2026-11-25T08:00:00.000Z' });
  await world.as(ada).session.invite({ sessionId: shared });
  await world.as(ada).memory.add({ id: newMemoryId(), content: 'I study maize' });
  const projectId = newProjectId();
  await world.as(ada).project.create({ id: projectId, title: 'Maize' });
  await world.as(ada).session.update({ mutationId: id(), sessionId: shared, projectId });
  await world.as(ada).people.report({ mutationId: id(), messageId, reason: 'rude' });
  await world.as(ada).people.block({ mutationId: id(), userId: ben.userId, on: true });
  await world.as(cem).people.block({ mutationId: id(), userId, on: true });
  const { id: answerId } = await prisma.chatMessage.findFirstOrThrow({
    where: { sessionId: own, userId: agent },
  });
  await prisma.messageFeedback.create({ data: { messageId: answerId, userId, value: 'like' } });
  const spent = { provider: 'test', model: 'test', promptTokens: 1, completionTokens: 1 };
  await prisma.$transaction(async (tx) => void (await bookAnswer(tx, userId, new Date(), spent)));
  const online = { status: 'online', activity: null, lastSeen: new Date() };
  await createPresenceStore(world.database).save(userId, online);
  await prisma.authSession.create({
    data: { id: ada.authSessionId, token: ada.authSessionId, userId, expiresAt: new Date() },
  });
  await prisma.authAccount.create({
    data: { id: newMutationId(), accountId: userId, providerId: 'credential', userId },
  });
  await prisma.authVerification.create({
    data: { id: newMutationId(), identifier: email, value: 'x', expiresAt: new Date() },
  });
  const file = {
    id: newAttachmentId(),
    ownerId: userId,
    name: 'thesis.pdf',
    declaredType: 'application/pdf',
  };
  await prisma.attachment.create({
    data: { ...file, sessionId: shared, status: 'ready', bytes: 3, announced: 3 },
  });
  await prisma.picture.create({
    data: { id: newPictureId(), userId, bytes: new Uint8Array([1]), createdAt: new Date() },
  });
  writeFileSync(world.domain.uploads.kept(file.id), 'pdf');
  return { ada, ben, cem, name, email, spent, online, own, shared, direct, projectId, messageId, said, file };
}

describe('a deleted account', () => {
  it('leaves rows of what others were told, under no name, and no other row in any table', async () => {
    const { ada, name, email, file, spent, online, own, shared, said } = await livedHere();
    const before = await whereIs(ada.userId);
    const staying = {
      AgentTurn: ['askedBy'],
      AppliedMutation: ['result'],
      Attachment: ['ownerId'],
      ChatEvent: ['payload'],
      ChatMember: ['userId'],
      ChatMessage: ['userId'],
      ChatSession: ['createdBy'],
      Reaction: ['userId'],
      Report: ['reporterId'],
      User: ['email', 'id'],
    };
    // So that a table which comes later is thought of here.
    const kept = [
      'LogHead',
      'ServerNode',
      'GoneBytes',
      'SessionSummary',
      'MessageEdit',
      ...Object.keys(staying),
    ];
    const { rows } = await world.database.pool.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name: table } of rows)
      if (!kept.includes(table) && !/migration|Verification/i.test(table))
        expect(before, table).toHaveProperty(table);

    await gone(ada);
    // What was under way when it went leaves nothing either.
    await world.database.prisma.$transaction(
      async (tx) => void (await bookAnswer(tx, ada.userId, new Date(), spent)),
    );
    await createPresenceStore(world.database).save(ada.userId, online);
    const { Attachment: _nothingSent, ...others } = staying;
    expect(await whereIs(ada.userId)).toEqual(others);
    for (const trace of [
      name,
      JSON.stringify(name).slice(1, -1),
      email,
      'a secret for Agent Jay',
      'I study maize',
    ])
      expect(await whereIs(trace)).toEqual({});
    expect(await whereIs(own)).toEqual({});
    expect(await world.domain.uploads.isKept(file.id)).toBe(false);
    expect(await world.database.prisma.chatMessage.findUnique({ where: { id: said } })).toMatchObject({
      content: '@jay and all',
    });
    expect(
      await world.database.prisma.chatMember.count({ where: { sessionId: shared, leftPos: null } }),
    ).toBe(3);
  });

  it('tells others of every change that it makes to what they hold (invariant 10)', async () => {
    const { ada, ben, cem, shared } = await livedHere();
    const snapshots = new Map<Account, Awaited<ReturnType<ReturnType<World['as']>['sync']['snapshot']>>>();
    for (const who of [ben, cem]) snapshots.set(who, await world.as(who).sync.snapshot());
    const live = await listen(world, cem);
    await gone(ada);
    await live.until((event) => event.type === 'me.updated' && event.me.blocked.length === 0);
    await live.close();
    for (const [who, { cursor, sessions }] of snapshots) {
      const device = await listen(world, who, cursor);
      const copies = new Map<string, SessionCopy>(
        sessions.map(({ messages, hasMore: _hasMore, unread: _unread, ...session }) => [
          session.id,
          { session, messages },
        ]),
      );
      for (const { event } of device.heard) {
        if (!('sessionId' in event) || !('seq' in event || event.type === 'receipt')) continue;
        const copy = applyEvent(copies.get(event.sessionId) ?? null, event as SessionEvent, who.userId);
        if (copy) copies.set(event.sessionId, copy);
        else copies.delete(event.sessionId);
      }
      const fresh = await world.as(who).sync.snapshot();
      expect([...copies.values()].map(({ session }) => session).sort(byId)).toEqual(
        fresh.sessions.map(({ messages: _m, hasMore: _h, unread: _u, ...session }) => session).sort(byId),
      );
      if (who === ben) expect(copies.get(shared)?.session.projectId).toBeNull();
      const told = device.heard.flatMap(({ event }) => (event.type === 'me.updated' ? [event.me] : []));
      // Cem had blocked her; Ben was the one whom she had blocked, and is told nothing of that.
      expect(told).toEqual(who === cem ? [await world.as(cem).me.get()] : []);
      await device.close();
    }
    expect((await world.as(cem).me.get()).blocked).toEqual([]);
  });

  it('has its streams closed at once, on every node', async () => {
    const ada = await world.person('Ada');
    const streams = [await listen(world, ada), await listen(other, ada)];
    await gone(ada);
    await Promise.all(streams.map(({ ended }) => ended));
  });

  it('is not deleted twice', async () => {
    const ada = await world.person('Ada');
    await gone(ada);
    await expect(gone(ada)).rejects.toThrow('no longer exists');
    // A node that has not heard of it yet.
    await expect(other.as(ada).me.delete({ confirm: 'delete my account' })).rejects.toThrow(
      'no longer exists',
    );
  });
});

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
