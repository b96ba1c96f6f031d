import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MutationId,
  newAttachmentId,
  newMemoryId,
  newMessageId,
  newMutationId,
  newProjectId,
  newSessionId,
} from '../../protocol/ids.ts';
import { momentaryOps, outboxOps, type PushedOp } from '../../protocol/outbox.ts';
import type { Account } from '../../server/domain/account.ts';
import { toFailure } from '../../server/trpc/error-shape.ts';
import { createAppRouter } from '../../server/trpc/router.ts';
import { agent, createWorld, type World } from '../support/world.ts';

/** What nobody outside may ever read. */
const SECRET = 'the-words-of-the-members';
const LONG_AGO = '2000-01-01T00:00:00.000Z';

interface Fixture {
  sessionId: string;
  /** Of the owner; the second is Agent Jay's. */
  messageId: string;
  answerId: string;
  ownerId: string;
  memberId: string;
  /** The owner's own. */
  projectId: string;
  memoryId: string;
  attachmentId: string;
  /** Revoked. */
  token: string;
  /** Good, and made by the owner. */
  openToken: string;
}

interface Row {
  input(fixture: Fixture): unknown;
  /** The reason that each of them is given; null: their own affair, in which nothing of the members may stand. */
  stranger: string | null;
  exMember: string | null;
  /** Somebody in the conversation who neither owns it nor wrote the message; undefined: may do it. */
  otherMember?: string;
}

/** Of a conversation, or of a message in it. */
const inside = (input: Row['input'], otherMember?: string): Row => ({
  input,
  stranger: 'NOT_FOUND',
  exMember: 'FORBIDDEN',
  ...(otherMember ? { otherMember } : {}),
});
/** Each person's own: the answer is theirs, whatever it is. */
const own = (input: Row['input'] = () => undefined): Row => ({ input, stranger: null, exMember: null });
/** Keys or links that say by themselves who may. */
const nobody = (input: Row['input']): Row => ({ input, stranger: 'NOT_FOUND', exMember: 'NOT_FOUND' });

/** Administrators' alone. */
const staff = (input: Row['input']): Row => ({
  input,
  stranger: 'FORBIDDEN',
  exMember: 'FORBIDDEN',
  otherMember: 'FORBIDDEN',
});

const id = () => newMutationId();
const session = ({ sessionId }: Fixture) => ({ sessionId });
const change = ({ sessionId }: Fixture) => ({ mutationId: id(), sessionId });
const message = ({ messageId }: Fixture) => ({ messageId });
const changed = ({ messageId }: Fixture) => ({ mutationId: id(), messageId });

/** One row for each procedure: a new one without a row fails the first test. */
const rows: Record<string, Row> = {
  'agent.context': inside(({ answerId }) => ({ messageId: answerId })),
  'agent.continue': inside(({ answerId }) => ({ mutationId: id(), messageId: answerId })),
  'agent.info': own(),
  'agent.regenerate': inside(({ answerId }) => ({ mutationId: id(), messageId: answerId })),
  'agent.stop': inside(({ answerId }) => ({ messageId: answerId })),
  'agent.suggestions': inside(session),
  'agent.usage': own(),
  'attachment.finish': nobody(({ attachmentId }) => ({ id: attachmentId })),
  'draft.set': inside((f) => ({ ...session(f), content: 'mine', at: LONG_AGO })),
  'events.subscribe': own(() => ({})),
  'me.delete': {
    input: () => ({ confirm: 'yes' }), // not what it asks for
    stranger: 'INVALID_INPUT',
    exMember: 'INVALID_INPUT',
  },
  'me.get': own(),
  'me.update': own(() => ({ mutationId: id(), name: 'Somebody' })),
  'message.delete': inside(changed, 'FORBIDDEN'),
  'message.edit': inside((f) => ({ ...changed(f), content: 'changed' }), 'FORBIDDEN'),
  'message.feedback': inside(({ answerId }) => ({ mutationId: id(), messageId: answerId, value: 'like' })),
  'message.forward': inside((f) => ({ ...message(f), ...session(f), id: newMessageId() })),
  'message.history': inside(message),
  'message.info': inside(message),
  'message.list': inside(session),
  'message.pin': inside((f) => ({ ...changed(f), on: true })),
  'message.pinned': inside(session),
  'message.react': inside((f) => ({ ...changed(f), emoji: '👍', on: true })),
  'message.search': inside((f) => ({ ...session(f), query: SECRET })),
  'message.send': inside((f) => ({ ...session(f), id: newMessageId(), content: 'hello' })),
  'message.show': inside(({ answerId }) => ({ mutationId: id(), messageId: answerId })),
  'message.star': inside((f) => ({ ...changed(f), on: true })),
  'message.starred': own(() => ({})),
  'message.thread': inside(message),
  'outbox.push': own((f) => ({
    mutations: [
      {
        mutationId: id(),
        op: 'message.send',
        input: { ...session(f), id: newMessageId(), content: 'let me in' },
      },
    ],
  })),
  'people.block': {
    input: ({ ownerId }) => ({ mutationId: id(), userId: ownerId, on: true }),
    stranger: 'NOT_FOUND',
    exMember: null, // who has met somebody may want nothing more of them
  },
  'people.report': {
    input: (f) => ({ ...changed(f), reason: 'rude' }),
    stranger: 'NOT_FOUND',
    exMember: null, // who saw it may say so
  },
  'report.list': staff(() => undefined),
  'report.resolve': staff(() => ({ mutationId: id(), reportId: id() })),
  'people.find': own(() => ({ email: 'nobody@example.test' })),
  'presence.get': own(({ ownerId }) => ({ userIds: [ownerId] })),
  'presence.set': own(() => ({ status: 'online' })),
  'receipt.mark': inside((f) => ({ ...session(f), readSeq: 1 })),
  'memory.add': own(() => ({ id: newMemoryId(), content: 'I study maize' })),
  'memory.delete': nobody(({ memoryId }) => ({ mutationId: id(), memoryId })),
  'memory.list': own(),
  'memory.update': nobody(({ memoryId }) => ({ mutationId: id(), memoryId, content: 'changed' })),
  'project.create': own(() => ({ id: newProjectId(), title: 'Mine' })),
  'project.delete': nobody(({ projectId }) => ({ mutationId: id(), projectId })),
  'project.get': nobody(({ projectId }) => ({ projectId })),
  'project.list': own(),
  'project.update': nobody(({ projectId }) => ({ mutationId: id(), projectId, title: 'changed' })),
  'session.addMember': inside((f) => ({ ...change(f), userId: agent })),
  'session.create': own(() => ({ id: newSessionId() })),
  'session.get': inside(session),
  'session.invite': inside(session),
  'session.invites': inside(session),
  'session.join': nobody(({ token }) => ({ token })),
  'session.leave': inside(change),
  'session.list': own(() => ({})),
  'session.mine': inside((f) => ({ ...change(f), pinned: true })),
  'session.removeMember': inside((f) => ({ ...change(f), userId: f.ownerId }), 'FORBIDDEN'),
  'session.revokeInvite': inside((f) => ({ ...session(f), token: f.openToken }), 'NOT_FOUND'),
  'session.setRole': inside((f) => ({ ...change(f), userId: f.memberId, role: 'owner' }), 'FORBIDDEN'),
  'session.update': inside((f) => ({ ...change(f), maxParticipants: 30 }), 'FORBIDDEN'),
  'sync.snapshot': own(),
  'sync.verify': own((f) => ({ sessions: [{ ...session(f), lastSeq: 4, blocks: [] }] })),
  'thread.read': inside((f) => ({ ...session(f), ...message(f), readSeq: 1 })),
  'typing.set': inside((f) => ({ ...session(f), isTyping: true })),
};

let world: World;
let people: { owner: Account; member: Account; exMember: Account; stranger: Account };
let fixture: Fixture;

beforeAll(async () => {
  world = await createWorld();
  const person = (name: string) => world.person(name);
  people = {
    owner: await person('Ada'),
    member: await person('Ben'),
    exMember: await person('Cleo'),
    stranger: await person('Eve'),
  };
  const { owner, member, exMember } = people;
  const sessionId = await world.conversation(owner, [member, exMember], true);
  const [messageId, questionId] = [newMessageId(), newMessageId()];
  await world.as(owner).message.send({ id: messageId, sessionId, content: SECRET });
  await world.as(owner).message.send({ id: questionId, sessionId, content: `@jay ${SECRET}` });
  const { messages } = await world.as(owner).message.list({ sessionId });
  const answer = messages.find((one) => one.userId === agent);
  if (!answer) throw new Error('Agent Jay was not asked');
  await world.database.prisma.agentTurn.update({
    where: { messageId: answer.id },
    data: { status: 'done' },
  });
  const revoked = await world.as(owner).session.invite({ sessionId });
  await world.as(owner).session.revokeInvite({ sessionId, token: revoked.token });
  const open = await world.as(owner).session.invite({ sessionId });
  await world.as(owner).session.removeMember({ mutationId: id(), sessionId, userId: exMember.userId });
  const [projectId, memoryId] = [newProjectId(), newMemoryId()];
  await world.as(owner).project.create({ id: projectId, title: SECRET });
  await world.as(owner).memory.add({ id: memoryId, content: SECRET });
  const attachment = { id: newAttachmentId(), ownerId: owner.userId, name: 'thesis.pdf' };
  await world.database.prisma.attachment.create({
    data: { ...attachment, declaredType: 'application/pdf', bytes: 10, announced: 10 },
  });
  fixture = {
    attachmentId: attachment.id,
    projectId,
    memoryId,
    sessionId,
    messageId,
    answerId: answer.id,
    ownerId: owner.userId,
    memberId: member.userId,
    token: revoked.token,
    openToken: open.token,
  };
});
afterAll(() => world.close());

type Outcome = { reason: string | null; said: string };

async function call(
  who: Account | null,
  path: string,
  input: unknown,
  router = world.router,
): Promise<Outcome> {
  const account = who && { ...who, expiresAt: new Date(Date.now() + 3_600_000) };
  const caller = router.createCaller({ account, requestId: 'test', ip: '127.0.0.1' });
  // Called by its path, as the wire does.
  const procedure = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as (
    input: unknown,
  ) => Promise<unknown>;
  try {
    const result = await procedure(input);
    const iterator = (result as Partial<AsyncIterable<unknown>>)?.[Symbol.asyncIterator]?.call(result);
    if (!iterator) return { reason: null, said: JSON.stringify(result) };
    await iterator.return?.();
    return { reason: null, said: '' };
  } catch (error) {
    const { message: said } = error as Error; // whatever is thrown here is one
    return { reason: toFailure(error).reason ?? said, said };
  }
}

/** Every row of every table, so that nothing can change unseen; but presence, which is written a moment later. */
async function everything(): Promise<string> {
  const { pool } = world.database;
  const tables = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'UserPresence'
     ORDER BY 1`,
  );
  const digests = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const { rows: found } = await pool.query(
        `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${name}" t`,
      );
      return `${name} ${found[0].digest}`;
    }),
  );
  return digests.join('\n');
}

/** What these change is the caller's own. */
const writesOwn = new Set([
  'people.block',
  'people.report',
  'me.update',
  'session.create',
  'memory.add',
  'project.create',
]);

describe('rights, for every procedure of the router', () => {
  it('has a row for each of them, and none for others', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(world.router._def.procedures).sort());
  });

  it('lets nobody in who is not signed in', async () => {
    const before = await everything();
    for (const [path, row] of Object.entries(rows))
      expect([path, (await call(null, path, row.input(fixture))).reason]).toEqual([path, 'UNAUTHENTICATED']);
    expect(await everything()).toBe(before);
  });

  it('lets nobody in whose account is gone, nor lets it write where that was not heard of yet', async () => {
    const dora = await world.person('Dora');
    await world.as(people.owner).session.addMember({
      mutationId: id(),
      sessionId: fixture.sessionId,
      userId: dora.userId,
    });
    await world.as(dora).me.delete({ confirm: 'delete my account' });
    const unheard = createAppRouter(world.services);
    const before = await everything();
    for (const [path, row] of Object.entries(rows)) {
      const { reason } = await call(dora, path, row.input(fixture));
      expect([path, reason]).toEqual([path, 'UNAUTHENTICATED']);
      const input = path === 'session.join' ? { token: fixture.openToken } : row.input(fixture);
      const late = await call(dora, path, input, unheard);
      expect(late.said, path).not.toContain(SECRET);
      if (writesOwn.has(path) || path === 'session.join')
        expect([path, late.reason]).toEqual([path, 'UNAUTHENTICATED']);
      expect(await everything(), path).toBe(before);
    }
  });

  for (const who of ['stranger', 'exMember'] as const)
    it(`refuses ${who === 'stranger' ? 'a stranger' : 'a former member'}, and nothing changes`, async () => {
      for (const [path, row] of Object.entries(rows)) {
        const before = await everything();
        const { reason, said } = await call(people[who], path, row.input(fixture));
        expect([path, reason]).toEqual([path, row[who]]);
        expect(said, path).not.toContain(SECRET);
        if (!writesOwn.has(path)) expect(await everything(), path).toBe(before);
      }
    });

  it('refuses a member what is the owner’s or the author’s', async () => {
    for (const [path, { otherMember, input }] of Object.entries(rows)) {
      if (!otherMember) continue;
      const before = await everything();
      expect([path, (await call(people.member, path, input(fixture))).reason]).toEqual([path, otherMember]);
      expect(await everything(), path).toBe(before);
    }
  });

  it('says the same through the outbox, for every change that may wait there', async () => {
    for (const op of [...outboxOps, ...momentaryOps] satisfies PushedOp[]) {
      const row = rows[op];
      if (!row || row.stranger === null || row.exMember === null) continue;
      for (const who of ['stranger', 'exMember'] as const) {
        const before = await everything();
        const input = row.input(fixture);
        // Under one id alone.
        const { mutationId = newMutationId() } = input as { mutationId?: MutationId };
        const { results } = await world
          .as(people[who])
          .outbox.push({ mutations: [{ mutationId, op, input }] });
        expect([op, results[0]?.ok === false && results[0].error.reason]).toEqual([op, row[who]]);
        expect(await everything(), op).toBe(before);
      }
    }
  });

  it('lets a member do all of the rest', async () => {
    expect(world.errors).toEqual([]);
    for (const path of ['message.pin', 'message.star', 'session.mine', 'message.history', 'thread.read']) {
      const row = rows[path];
      if (row)
        expect([path, (await call(people.member, path, row.input(fixture))).reason]).toEqual([path, null]);
    }
  });
});
