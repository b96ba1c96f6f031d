import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMutationId, newSessionId, type SessionId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import type { Account } from '../../server/domain/account.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const mutationId = newMutationId;
const pushed = async (who: Account, mutation: OutboxMutation) =>
  (await world.as(who).outbox.push({ mutations: [mutation] })).results[0];

it('answers a creation that comes again with its first result, and tells one who was removed nothing since (invariants 2 and 24)', async () => {
  const [ada, ben, cleo] = [await world.person('Ada'), await world.person('Ben'), await world.person('Cleo')];
  const create = { id: newSessionId(), title: 'Thesis', memberIds: [ben.userId], isGroupChat: true };
  const sessionId: SessionId = create.id;
  const first = await world.as(ada).session.create(create);
  await world.as(ada).session.setRole({
    mutationId: mutationId(),
    sessionId,
    userId: ben.userId,
    role: 'owner',
  });
  await world.as(ben).session.removeMember({ mutationId: mutationId(), sessionId, userId: ada.userId });
  await world.as(ben).session.update({
    mutationId: mutationId(),
    sessionId,
    title: 'Without Ada',
    context: { plan: 'secret' },
  });
  await world.as(ben).session.addMember({ mutationId: mutationId(), sessionId, userId: cleo.userId });
  await world.say(ben, sessionId, 'Between us');

  expect(await world.as(ada).session.create(create)).toEqual({ ...first, duplicate: true });
  expect(await pushed(ada, { mutationId: mutationId(), op: 'session.create', input: create })).toEqual(
    expect.objectContaining({ ok: true, result: { ...first, duplicate: true } }),
  );
  await expect(world.as(ada).session.create({ ...create, title: 'Another' })).rejects.toMatchObject({
    cause: { reason: 'ID_REUSED' },
  });
});

it('answers every change that comes again with its first result (invariant 2)', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben], false);
  const rename = (title: string) => ({ mutationId: mutationId(), sessionId, title });
  const call = (title: string) => ({ mutationId: mutationId(), name: title });
  const [one, me] = [rename('One'), call('Ada Byron')];
  const renamed = await world.as(ada).session.update(one);
  const called = await world.as(ada).me.update(me);
  expect([renamed.duplicate, called.duplicate]).toEqual([false, false]);
  await world.as(ada).session.update(rename('Two'));
  await world.as(ada).me.update(call('Ada Lovelace'));
  expect(await world.as(ada).session.update(one)).toEqual({ ...renamed, duplicate: true });
  expect(await world.as(ada).me.update(me)).toEqual({ ...called, duplicate: true });
  expect((await world.as(ada).me.get()).name).toBe('Ada Lovelace');
});

it('keeps no name of a deleted account in what others were once answered', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Benedikt')];
  const sessionId = await world.conversation(ada, [ben], true);
  await world.as(ada).session.update({ mutationId: mutationId(), sessionId, title: 'Together' });
  await world.as(ada).people.block({ mutationId: mutationId(), userId: ben.userId, on: true });
  const me = { mutationId: mutationId(), name: 'Ada L.' };
  expect((await world.as(ada).me.update(me)).blocked).toEqual([{ userId: ben.userId, name: 'Benedikt' }]);
  // Nobody stays in it once he goes, and what was answered of it is kept all the same.
  await world.as(ada).session.leave({ mutationId: mutationId(), sessionId });
  await world.as(ben).me.delete({ confirm: 'delete my account' });
  expect((await world.as(ada).me.update(me)).blocked).toEqual([
    { userId: ben.userId, name: 'Deleted account' },
  ]);
  const { rows } = await world.database.pool.query(
    `SELECT op FROM "AppliedMutation" WHERE result::text LIKE '%Benedikt%'`,
  );
  expect(rows).toEqual([]);
});

it('spends both ids of an entry whose input carries another than the entry itself (invariant 2)', async () => {
  const ada = await world.person('Ada');
  const sessionId = await world.conversation(ada, [], false);
  const [envelope, inner] = [mutationId(), mutationId()];
  const entry = (title: string, own: string | null, of = envelope): OutboxMutation => ({
    mutationId: of,
    op: 'session.update',
    input: { sessionId, title, ...(own ? { mutationId: own } : {}) },
  });
  const seqNow = async () => (await world.as(ada).session.get({ sessionId })).lastSeq;
  expect(await pushed(ada, entry('One', inner))).toMatchObject({ ok: true, result: { duplicate: false } });
  const seq = await seqNow();
  const first = { ok: true, result: { title: 'One', lastSeq: seq, duplicate: true } };
  // The same again, in another entry, under another id of its own, and without an entry.
  expect(await pushed(ada, entry('One', inner))).toMatchObject(first);
  expect(await pushed(ada, entry('One', inner, mutationId()))).toMatchObject(first);
  expect(await pushed(ada, entry('One', mutationId()))).toMatchObject(first);
  expect(await pushed(ada, entry('One', null))).toMatchObject(first);
  expect(await world.as(ada).session.update({ mutationId: inner, sessionId, title: 'One' })).toMatchObject(
    first.result,
  );
  // Neither of the two stands for anything else, nor for anybody else.
  const reused = { ok: false, error: { reason: 'ID_REUSED' } };
  expect(await pushed(ada, entry('Two', inner, mutationId()))).toMatchObject(reused);
  expect(await pushed(ada, entry('Two', mutationId()))).toMatchObject(reused);
  const ben = await world.person('Ben');
  await world.as(ada).session.addMember({ mutationId: mutationId(), sessionId, userId: ben.userId });
  expect(await pushed(ben, entry('One', mutationId()))).toMatchObject(reused);
  expect(await seqNow()).toBe(seq + 1);
  // The same id inside and out is what the app itself sends.
  const one = mutationId();
  expect(await pushed(ada, entry('Two', one, one))).toMatchObject({ ok: true, result: { duplicate: false } });
  expect((await world.as(ada).session.get({ sessionId })).title).toBe('Two');
});
