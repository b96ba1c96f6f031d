import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  newMessageId,
  newMutationId,
  newSessionId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { listen } from '../support/listen.ts';
import { agent, createWorld, type World } from '../support/world.ts';

let world: World;
let ada: Account;
let ben: Account;
let cem: Account;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function three() {
  ada = await world.person('Ada');
  ben = await world.person('Ben');
  cem = await world.person('Cem');
}

const say = async (who: Account, sessionId: SessionId, content: string) => {
  const id = newMessageId();
  await world.as(who).message.send({ id, sessionId, content });
  return id;
};
const block = (who: Account, userId: UserId, on = true) =>
  world.as(who).people.block({ mutationId: newMutationId(), userId, on });
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error) => error.cause?.reason ?? error.message,
  );

describe('blocking somebody', () => {
  it('ends what the two have between themselves, and lets groups be', async () => {
    await three();
    const direct = await world.conversation(ben, [ada], true);
    const group = await world.conversation(ada, [ben, cem]);
    await block(ada, ben.userId);
    expect(await reasonOf(say(ben, direct, 'hello?'))).toBe('FORBIDDEN');
    await say(ada, direct, 'still mine');
    const [owner] = (await world.as(ada).session.get({ sessionId: direct })).members;
    expect([owner?.userId, owner?.role]).toEqual([ada.userId, 'owner']);
    await say(ben, group, 'in the group as before');
    expect((await world.as(ada).me.get()).blocked).toEqual([{ userId: ben.userId, name: 'Ben' }]);
    expect((await world.as(ben).me.get()).blocked).toEqual([]);
  });

  it('keeps either from bringing the other in, until it is taken back', async () => {
    await three();
    const group = await world.conversation(cem, [ada, ben]);
    await block(ada, ben.userId);
    for (const [who, other] of [
      [ada, ben],
      [ben, ada],
    ] as const) {
      const id = newSessionId();
      expect(await reasonOf(world.as(who).session.create({ id, memberIds: [other.userId] }))).toBe(
        'FORBIDDEN',
      );
      expect(await reasonOf(world.as(who).session.get({ sessionId: id }))).toBe('NOT_FOUND');
    }
    await block(ada, ben.userId, false);
    await world.as(ben).session.create({ id: newSessionId(), memberIds: [ada.userId] });
    expect((await world.as(cem).session.get({ sessionId: group })).members).toHaveLength(3);
  });

  it('is undone neither by a link nor by a third person, also where three are in it', async () => {
    await three();
    const direct = await world.conversation(ada, [ben]);
    await world
      .as(ada)
      .session.addMember({ mutationId: newMutationId(), sessionId: direct, userId: cem.userId });
    await world.as(ada).session.removeMember({
      mutationId: newMutationId(),
      sessionId: direct,
      userId: ben.userId,
    });
    await block(ada, ben.userId);
    const { token } = await world.as(cem).session.invite({ sessionId: direct });
    const invalid = await world.as(ben).session.join({ token: 'no such link' }).catch(String);
    expect(await world.as(ben).session.join({ token }).catch(String)).toBe(invalid);
    const bringBack = { mutationId: newMutationId(), sessionId: direct, userId: ben.userId };
    expect(await reasonOf(world.as(cem).session.addMember(bringBack))).toBe('FORBIDDEN');
    // Whoever is in stays in, and a group takes both.
    await world.as(cem).session.join({ token });
    const group = newSessionId();
    const both = { id: group, memberIds: [ada.userId], isGroupChat: true, withAgent: false };
    await world.as(cem).session.create(both);
    const open = await world.as(cem).session.invite({ sessionId: group });
    expect((await world.as(ben).session.join({ token: open.token })).members).toHaveLength(3);
  });

  it('ends the links that the one who goes has handed out', async () => {
    await three();
    const direct = await world.conversation(ada, [ben]);
    const { token } = await world.as(ben).session.invite({ sessionId: direct });
    const { token: owners } = await world.as(ada).session.invite({ sessionId: direct });
    await block(ada, ben.userId);
    expect(await reasonOf(world.as(cem).session.join({ token }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(cem).session.join({ token: owners }))).toBe('none');
  });

  it('lets no third person found a conversation of the two that is no group', async () => {
    const [ada, ben, eve] = [await world.person('Ada'), await world.person('Ben'), await world.person('Eve')];
    await world.conversation(ada, [ben]);
    await block(ada, ben.userId);
    const memberIds = [ada.userId, ben.userId];
    const found = (isGroupChat?: boolean) =>
      world.as(eve).session.create({ id: newSessionId(), isGroupChat, memberIds, withAgent: false });
    expect(await reasonOf(found(false))).toBe('FORBIDDEN');
    expect(await world.as(ada).session.list()).toEqual([expect.objectContaining({ createdBy: ada.userId })]);
    expect(await found()).toMatchObject({ isGroupChat: true });
  });

  it('tells nothing of people one never met, and blocks neither oneself nor Agent Jay', async () => {
    await three();
    expect(await reasonOf(block(ada, ben.userId))).toBe('NOT_FOUND');
    expect(await reasonOf(block(ada, ada.userId))).toBe('CONFLICT');
    expect(await reasonOf(block(ada, agent))).toBe('CONFLICT');
    expect((await world.as(ada).me.get()).blocked).toEqual([]);
  });

  it('is told to one’s own devices that were away (invariant 10)', async () => {
    await three();
    await world.conversation(cem, [ada, ben]);
    const { cursor } = await world.as(ada).sync.snapshot();
    await block(ada, ben.userId);
    const events = world.services.subscribe({ ...ada, expiresAt: new Date(Date.now() + 60_000) }, cursor);
    const told: unknown[] = [];
    for await (const [, event] of events) {
      if (event.type === 'caught-up') break;
      told.push(event);
    }
    expect(told).toEqual([{ type: 'me.updated', me: await world.as(ada).me.get() }]);
  });

  it('shows whom one blocked by the name that they took since, on devices that were away too', async () => {
    await three();
    await world.conversation(cem, [ada, ben]);
    await block(ada, ben.userId);
    const { cursor } = await world.as(ada).sync.snapshot();
    await world.as(ben).me.update({ name: 'Benjamin' });
    const device = await listen(world, ada, cursor);
    const { event } = await device.until(({ type }) => type === 'me.updated');
    expect(event).toMatchObject({ me: { blocked: [{ userId: ben.userId, name: 'Benjamin' }] } });
    await device.close();
  });
});

describe('reporting', () => {
  it('keeps the words as they stood, once, and shows them to administrators alone', async () => {
    await three();
    const group = await world.conversation(ada, [ben]);
    const messageId = await say(ben, group, 'something vile');
    const told = { mutationId: newMutationId(), messageId, reason: 'An insult' };
    await world.as(ada).people.report(told);
    expect((await world.as(ada).people.report(told)).duplicate).toBe(true);
    await world.as(ben).message.delete({ mutationId: newMutationId(), messageId });
    const admin = { ...cem, role: 'admin' as const };
    const mine = async () =>
      (await world.as(admin).report.list()).reports.filter((row) => row.reporter.userId === ada.userId);
    expect(await mine()).toMatchObject([
      { person: { name: 'Ben' }, content: 'something vile', reason: 'An insult', resolvedAt: null },
    ]);
    for (const who of [ada, ben, cem]) expect(await reasonOf(world.as(who).report.list())).toBe('FORBIDDEN');
    const resolve = { mutationId: newMutationId(), reportId: told.mutationId };
    expect(await reasonOf(world.as(ben).report.resolve(resolve))).toBe('FORBIDDEN');
    await world.as(admin).report.resolve(resolve);
    expect((await mine())[0]?.resolvedAt).not.toBeNull();
  });

  it('takes from a former member a message that they saw, in the words that they saw, and no later one', async () => {
    await three();
    const group = await world.conversation(ada, [ben, cem]);
    const seen = await say(ben, group, 'something vile');
    await world.as(ada).session.removeMember({
      mutationId: newMutationId(),
      sessionId: group,
      userId: cem.userId,
    });
    const later = await say(ben, group, 'said after Cem went');
    for (const content of ['something nice', 'something nicer'])
      await world.as(ben).message.edit({ mutationId: newMutationId(), messageId: seen, content });
    const report = (messageId: typeof seen) =>
      world.as(cem).people.report({ mutationId: newMutationId(), messageId, reason: 'An insult' });
    await report(seen);
    expect(await reasonOf(report(later))).toBe('NOT_FOUND');
    const { reports } = await world.as({ ...ada, role: 'admin' }).report.list();
    expect(reports.filter((row) => row.reporter.userId === cem.userId).map((row) => row.content)).toEqual([
      'something vile',
    ]);
  });

  it('takes no message that one cannot see, and no stranger', async () => {
    await three();
    const messageId = await say(ben, await world.conversation(ben, [cem]), 'not for Ada');
    const report = (what: object) =>
      world.as(ada).people.report({ mutationId: newMutationId(), reason: 'x', ...what });
    expect(await reasonOf(report({ messageId }))).toBe('NOT_FOUND');
    expect(await reasonOf(report({ userId: ben.userId }))).toBe('NOT_FOUND');
    expect(await reasonOf(report({}))).toBe('INVALID_INPUT');
  });
});

describe('deleting an account', () => {
  it('erases what was only theirs, and leaves others what was said, under no name', async () => {
    await three();
    const { prisma } = world.database;
    const own = await world.conversation(ada, [], true);
    await say(ada, own, 'a secret for Agent Jay');
    const shared = await world.conversation(ada, [ben]);
    await say(ada, shared, 'said to Ben');
    await world.as(ada).me.delete({ confirm: 'delete my account' });

    const { messages } = await world.as(ben).message.list({ sessionId: shared });
    expect(messages.map(({ content }) => content)).toContain('said to Ben');
    const session = await world.as(ben).session.get({ sessionId: shared });
    expect(session.members.map(({ userId, role }) => [userId, role])).toEqual([[ben.userId, 'owner']]);
    expect(await prisma.chatSession.count({ where: { id: own } })).toBe(0);
    const left = await prisma.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM "ChatEvent" WHERE payload::text LIKE '%a secret for Agent Jay%'`;
    expect(left[0]?.n).toBe(0);
    const row = await prisma.user.findUniqueOrThrow({ where: { id: ada.userId } });
    expect([row.name, row.email.endsWith('@deleted.invalid')]).toEqual(['Deleted account', true]);
    expect(await reasonOf(world.as(ada).me.get())).toBe('UNAUTHENTICATED');
    const again = { id: newSessionId(), memberIds: [ada.userId] };
    expect(await reasonOf(world.as(ben).session.create(again))).toBe('NOT_FOUND');
  });

  it('takes more than a click', async () => {
    await three();
    // What a careless client could send.
    const careless = { confirm: 'yes' } as unknown as { confirm: 'delete my account' };
    expect(await reasonOf(world.as(ada).me.delete(careless))).not.toBe('none');
    expect((await world.as(ada).me.get()).name).toBe('Ada');
  });
});
