import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MessageId,
  newMemoryId,
  newMessageId,
  newMutationId,
  newProjectId,
  newSessionId,
  type SessionId,
} from '../../protocol/ids.ts';
import { type OutboxOp, type OutboxResult, outboxOps } from '../../protocol/outbox.ts';
import type { Account } from '../../server/domain/account.ts';
import { agent, createWorld, type World } from '../support/world.ts';

/** What is there for every change to change; made anew for each. */
interface Fixture {
  sessionId: SessionId;
  otherSessionId: SessionId;
  messageId: MessageId;
  /** An answer that broke off. */
  answerId: MessageId;
  ben: Account;
  projectId: string;
  memoryId: string;
}

interface Row {
  /** What must be so for it to have an effect. */
  prepare?(fixture: Fixture): Promise<unknown>;
  input(fixture: Fixture): object;
  /** The same id with another content, which is ID_REUSED; undefined: it carries no id, and the newest value counts. */
  other?(fixture: Fixture): object;
}

const AT = '2026-11-25T08:00:00.000Z';
/** Ids by which the clients name what they create. */
const ids = { session: newSessionId, message: newMessageId, project: newProjectId, memory: newMemoryId };
/** One id per run of a row, for both of its contents. */
let given: Record<keyof typeof ids, string>;

const of = ({ sessionId }: Fixture) => ({ sessionId });
const message = ({ messageId }: Fixture) => ({ messageId });
const answer = ({ answerId }: Fixture) => ({ messageId: answerId });

const rows: Record<OutboxOp, Row> = {
  'session.create': {
    input: () => ({ id: given.session, title: 'One' }),
    other: () => ({ id: given.session, title: 'Two' }),
  },
  'session.update': {
    input: (f) => ({ ...of(f), title: 'One' }),
    other: (f) => ({ ...of(f), title: 'Two' }),
  },
  'session.addMember': {
    input: (f) => ({ ...of(f), userId: agent }),
    other: (f) => ({ ...of(f), userId: f.ben.userId }),
  },
  'session.removeMember': {
    input: (f) => ({ ...of(f), userId: f.ben.userId }),
    other: (f) => ({ ...of(f), userId: agent }),
  },
  'session.leave': { input: of, other: (f) => ({ sessionId: f.otherSessionId }) },
  'session.setRole': {
    input: (f) => ({ ...of(f), userId: f.ben.userId, role: 'owner' }),
    other: (f) => ({ ...of(f), userId: f.ben.userId, role: 'member' }),
  },
  'session.mine': {
    input: (f) => ({ ...of(f), pinned: true }),
    other: (f) => ({ ...of(f), archived: true }),
  },
  'message.send': {
    input: (f) => ({ ...of(f), id: given.message, content: 'One' }),
    other: (f) => ({ ...of(f), id: given.message, content: 'Two' }),
  },
  'message.forward': {
    input: (f) => ({ ...message(f), id: given.message, sessionId: f.otherSessionId }),
    other: (f) => ({ ...message(f), ...of(f), id: given.message }),
  },
  'message.edit': {
    input: (f) => ({ ...message(f), content: 'One' }),
    other: (f) => ({ ...message(f), content: 'Two' }),
  },
  'message.delete': { input: message, other: answer },
  'message.react': {
    input: (f) => ({ ...message(f), emoji: '👍', on: true }),
    other: (f) => ({ ...message(f), emoji: '🎓', on: true }),
  },
  'message.feedback': {
    input: (f) => ({ ...answer(f), value: 'like' }),
    other: (f) => ({ ...answer(f), value: 'dislike' }),
  },
  'message.pin': {
    input: (f) => ({ ...message(f), on: true }),
    other: (f) => ({ ...message(f), on: false }),
  },
  'message.star': {
    input: (f) => ({ ...message(f), on: true }),
    other: (f) => ({ ...message(f), on: false }),
  },
  'message.show': {
    prepare: (f) => world.as(ada).agent.regenerate({ mutationId: newMutationId(), messageId: f.answerId }),
    input: answer,
    other: message,
  },
  'agent.regenerate': { input: answer, other: message },
  'agent.continue': { input: answer, other: message },
  'people.block': {
    input: (f) => ({ userId: f.ben.userId, on: true }),
    other: (f) => ({ userId: f.ben.userId, on: false }),
  },
  'people.report': {
    input: (f) => ({ ...answer(f), reason: 'One' }),
    other: (f) => ({ ...answer(f), reason: 'Two' }),
  },
  'me.update': { input: () => ({ name: 'One' }), other: () => ({ name: 'Two' }) },
  'project.create': {
    input: () => ({ id: given.project, title: 'One' }),
    other: () => ({ id: given.project, title: 'Two' }),
  },
  'project.update': {
    input: ({ projectId }) => ({ projectId, title: 'One' }),
    other: ({ projectId }) => ({ projectId, title: 'Two' }),
  },
  'project.delete': {
    input: ({ projectId }) => ({ projectId }),
    other: () => ({ projectId: newProjectId() }),
  },
  'memory.add': {
    input: () => ({ id: given.memory, content: 'One' }),
    other: () => ({ id: given.memory, content: 'Two' }),
  },
  'memory.update': {
    input: ({ memoryId }) => ({ memoryId, content: 'One' }),
    other: ({ memoryId }) => ({ memoryId, content: 'Two' }),
  },
  'memory.delete': { input: ({ memoryId }) => ({ memoryId }), other: () => ({ memoryId: newMemoryId() }) },
  'receipt.mark': { input: (f) => ({ ...of(f), readSeq: 3 }) },
  'thread.read': { input: (f) => ({ ...of(f), ...message(f), readSeq: 3 }) },
  'draft.set': { input: (f) => ({ ...of(f), content: 'One', at: AT }) },
  'agent.stop': { input: answer },
};

let world: World;
let ada: Account;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function setUp(): Promise<Fixture> {
  for (const kind of Object.keys(ids) as (keyof typeof ids)[]) given = { ...given, [kind]: ids[kind]() };
  ada = await world.person('Ada');
  const ben = await world.person('Ben');
  const [sessionId, otherSessionId] = [
    await world.conversation(ada, [ben], true),
    await world.conversation(ada),
  ];
  const [messageId, questionId] = [newMessageId(), newMessageId()];
  await world.as(ada).message.send({ id: messageId, sessionId, content: 'Said' });
  await world.as(ada).message.send({ id: questionId, sessionId, content: '@jay asked' });
  const turn = await world.database.prisma.agentTurn.findFirstOrThrow({ where: { questionId } });
  await world.database.prisma.agentTurn.update({
    where: { messageId: turn.messageId },
    data: { status: 'stopped' },
  });
  await world.database.prisma.chatMessage.update({
    where: { id: turn.messageId },
    data: { content: 'An answer that broke' },
  });
  const [projectId, memoryId] = [newProjectId(), newMemoryId()];
  await world.as(ada).project.create({ id: projectId, title: 'Maize' });
  await world.as(ada).memory.add({ id: memoryId, content: 'I study maize' });
  // Minted by the log.
  return {
    sessionId,
    otherSessionId,
    messageId,
    answerId: turn.messageId as MessageId,
    ben,
    projectId,
    memoryId,
  };
}

async function push(op: OutboxOp, mutationId: string, input: object, who = ada): Promise<OutboxResult> {
  const mutations = [{ mutationId: mutationId as ReturnType<typeof newMutationId>, op, input }];
  const { results } = await world.as(who).outbox.push({ mutations });
  const [result] = results;
  if (!result || results.length > 1) throw new Error('Each change gets one answer');
  return result;
}

/** Everything that anybody could be told: the log's end, and every row but presence, which is written a moment later. */
async function everything(): Promise<unknown> {
  const { pool } = world.database;
  const tables = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'UserPresence'
     ORDER BY 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows: found } = await pool.query(
      `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${name}" t`,
    );
    digests[name] = found[0].digest;
  }
  return digests;
}

/** Without the word that it was done before. */
function resultOf(answered: OutboxResult): unknown {
  if (!answered.ok) return answered;
  const { duplicate: _duplicate, ...result } = answered.result as Record<string, unknown>; // an object, in every row
  return result;
}

describe('every change that may wait in an outbox', () => {
  it('has a row here', () => {
    expect(Object.keys(rows).sort()).toEqual([...outboxOps].sort());
  });

  for (const op of outboxOps)
    it(`${op}, pushed twice: one effect, one set of events, the same answer (invariant 2)`, async () => {
      const fixture = await setUp();
      const { prepare, input, other } = rows[op];
      await prepare?.(fixture);
      const before = await everything();
      const mutationId = newMutationId();
      const first = await push(op, mutationId, input(fixture));
      expect(first).toMatchObject({ mutationId, ok: true });
      const after = await everything();
      if (op !== 'agent.stop') expect(after).not.toEqual(before);
      const again = await push(op, mutationId, input(fixture));
      expect(resultOf(again)).toEqual(resultOf(first));
      expect(await everything()).toEqual(after);
      if (!other) return;
      for (const [content, who] of [
        [other(fixture), ada],
        [input(fixture), fixture.ben],
      ] as const) {
        const reused = await push(op, mutationId, content, who);
        expect(reused).toMatchObject({ ok: false, error: { reason: 'ID_REUSED' } });
        expect(await everything()).toEqual(after);
      }
      expect(world.errors).toEqual([]);
    });
});
