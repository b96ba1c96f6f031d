import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMemoryId, newMessageId, newMutationId, newProjectId, newSessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Memory } from '../../protocol/memory.ts';
import type { Project } from '../../protocol/project.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const id = () => newMutationId();
const notFound = { code: 'NOT_FOUND' };

describe('a project', () => {
  it('is due on a day that there is, or refused for good', async () => {
    const ada = await world.person('Ada');
    const due = async (deadline: string) => {
      const [projectId, mutationId] = [newProjectId(), id()];
      const input = { id: projectId, title: 'Maize yields', deadline };
      const mutations = [{ mutationId, op: 'project.create', input }];
      const [result] = (await world.as(ada).outbox.push({ mutations })).results;
      return result?.ok ? (await world.as(ada).project.get({ projectId })).deadline : result?.error.reason;
    };
    for (const none of ['0000-01-01', '2027-02-29', '2027-13-01'])
      expect(await due(none)).toBe('INVALID_INPUT');
    for (const day of ['0001-01-01', '2028-02-29', '9999-12-31']) expect(await due(day)).toBe(day);
  });

  it('is its owner’s: written, changed, told to their devices, and nobody else’s to see', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const device = await listen(world, ada);
    const stranger = await listen(world, ben);
    const projectId = newProjectId();
    const input = { id: projectId, title: ' Maize yields ', field: 'Agronomy', deadline: '2027-05-31' };
    expect(await world.as(ada).project.create(input)).toEqual({ projectId, duplicate: false });
    expect(await world.as(ada).project.create(input)).toEqual({ projectId, duplicate: true });
    await expect(world.as(ada).project.create({ ...input, title: 'Else' })).rejects.toMatchObject({
      cause: { reason: 'ID_REUSED' },
    });
    await world.as(ada).project.update({ mutationId: id(), projectId, stage: 'Writing', field: null });
    const changed = await device.until((e) => e.type === 'project' && e.project?.stage === 'Writing');
    expect(changed.event).toMatchObject({
      project: { title: 'Maize yields', field: null, deadline: '2027-05-31', ownerId: ada.userId },
    });
    for (const refused of [
      world.as(ben).project.get({ projectId }),
      world.as(ben).project.update({ mutationId: id(), projectId, title: 'Mine' }),
      world.as(ben).project.delete({ mutationId: id(), projectId }),
      world.as(ben).session.create({ id: newSessionId(), projectId }),
    ])
      await expect(refused).rejects.toMatchObject(notFound);
    expect(await world.as(ben).project.list()).toEqual([]);
    await world.as(ada).project.delete({ mutationId: id(), projectId });
    await device.until((e) => e.type === 'project' && e.project === null);
    await expect(world.as(ada).project.get({ projectId })).rejects.toMatchObject(notFound);
    expect(stranger.heard.some(({ event }) => event.type === 'project')).toBe(false);
  });

  it('linked to a conversation is seen by those in it, without the notes, while its owner is there', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const projectId = newProjectId();
    await world.as(ada).project.create({ id: projectId, title: 'Maize', notes: 'My supervisor is slow' });
    await expect(
      world.as(ben).session.update({ mutationId: id(), sessionId, projectId }),
    ).rejects.toMatchObject(notFound);
    const session = await world.as(ada).session.update({ mutationId: id(), sessionId, projectId });
    expect(session.projectId).toBe(projectId);
    expect(await world.as(ben).project.get({ projectId })).toMatchObject({ title: 'Maize', notes: null });
    await world.as(ada).session.leave({ mutationId: id(), sessionId });
    await expect(world.as(ben).project.get({ projectId })).rejects.toMatchObject(notFound);
  });

  it('with a title of nothing or a deadline that is no day is refused with a sentence', async () => {
    const ada = await world.person();
    const create = (words: object) =>
      world.as(ada).project.create({ id: newProjectId(), title: 'T', ...words });
    await expect(create({ title: '  ' })).rejects.toThrow(/needs a title/);
    await expect(create({ deadline: '2027-02-31' })).rejects.toThrow(/must be a day/);
    await expect(create({ notes: 'x'.repeat(limits.projectNotesLength + 1) })).rejects.toThrow();
    expect(await world.as(ada).project.list()).toEqual([]);
  });
});

describe('what Agent Jay remembers', () => {
  it('can be added, put right and forgotten by the person, and by nobody else', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const device = await listen(world, ada);
    const memoryId = newMemoryId();
    await world.as(ada).memory.add({ id: memoryId, content: '  I study\n\nagronomy ' });
    expect(await world.as(ada).memory.list()).toMatchObject([
      { id: memoryId, kind: 'fact', content: 'I study agronomy', origin: 'written' },
    ]);
    expect(await world.as(ben).memory.list()).toEqual([]);
    const change = { mutationId: id(), memoryId, content: 'I study botany' };
    await expect(world.as(ben).memory.update({ ...change, mutationId: id() })).rejects.toMatchObject(
      notFound,
    );
    await expect(world.as(ben).memory.delete({ mutationId: id(), memoryId })).rejects.toMatchObject(notFound);
    await world.as(ada).memory.update(change);
    expect(await world.as(ada).memory.update(change)).toEqual({ memoryId, duplicate: true });
    await device.until((e) => e.type === 'memory' && e.memory?.content === 'I study botany');
    await world.as(ada).memory.delete({ mutationId: id(), memoryId });
    await device.until((e) => e.type === 'memory' && e.memory === null);
    expect(await world.as(ada).memory.list()).toEqual([]);
    await expect(world.as(ada).memory.update({ ...change, mutationId: id() })).rejects.toMatchObject(
      notFound,
    );
  });

  it('leaves no word of what was forgotten in the database', async () => {
    const ada = await world.person();
    const memoryId = newMemoryId();
    await world.as(ada).memory.add({ id: memoryId, content: 'Zanzibarite' });
    await world.as(ada).memory.update({ mutationId: id(), memoryId, content: 'Zanzibarite too' });
    await world.as(ada).memory.delete({ mutationId: id(), memoryId });
    const { rows } = await world.database.pool.query(
      `SELECT 'memory' AS place FROM "Memory" m WHERE m::text LIKE '%Zanzibarite%' UNION ALL
       SELECT 'mutation' FROM "AppliedMutation" a WHERE a::text LIKE '%Zanzibarite%' UNION ALL
       SELECT 'event' FROM "ChatEvent" e WHERE e.payload::text LIKE '%Zanzibarite%'`,
    );
    expect(rows).toEqual([]);
  });

  it('goes when the message that it was learnt from is deleted or says something else', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const keep = async () => {
      const message = await world
        .as(ada)
        .message.send({ id: newMessageId(), sessionId, content: 'My topic is maize' });
      const row = {
        id: newMemoryId(),
        userId: ada.userId,
        kind: 'fact',
        content: 'Topic: maize',
        origin: 'said',
      };
      await world.database.prisma.memory.create({ data: { ...row, sourceMessageId: message.id } });
      return message.id;
    };
    await world.as(ada).message.delete({ mutationId: id(), messageId: await keep() });
    expect(await world.as(ada).memory.list()).toEqual([]);
    await world
      .as(ada)
      .message.edit({ mutationId: id(), messageId: await keep(), content: 'My topic is rice' });
    expect(await world.as(ada).memory.list()).toEqual([]);
  });
});

describe('old snapshot + events = fresh snapshot (invariant 10)', () => {
  it('for projects and memories, whatever happened while a device was away', async () => {
    const ada = await world.person();
    const caller = world.as(ada);
    const [kept, gone] = [newProjectId(), newProjectId()];
    const [remembered, forgotten] = [newMemoryId(), newMemoryId()];
    await caller.project.create({ id: gone, title: 'Gone soon', deadline: '2027-01-01' });
    await caller.memory.add({ id: forgotten, content: 'Forgotten soon' });
    const old = await caller.sync.snapshot();
    const projects = new Map<string, Project>(old.projects.map((one) => [one.id, one]));
    const memories = new Map<string, Memory>(old.memories.map((one) => [one.id, one]));
    await caller.project.create({ id: kept, title: 'Kept', deadline: '2027-05-31', notes: 'Note "it"' });
    await caller.project.update({ mutationId: id(), projectId: kept, stage: 'Data' });
    await caller.project.delete({ mutationId: id(), projectId: gone });
    await caller.memory.add({ id: remembered, content: 'Short answers', kind: 'preference' });
    await caller.memory.delete({ mutationId: id(), memoryId: forgotten });
    const device = await listen(world, ada, old.cursor);
    for (const { event } of device.heard) {
      if (event.type === 'project') {
        if (event.project) projects.set(event.projectId, event.project);
        else projects.delete(event.projectId);
      }
      if (event.type === 'memory') {
        if (event.memory) memories.set(event.memoryId, event.memory);
        else memories.delete(event.memoryId);
      }
    }
    const fresh = await caller.sync.snapshot();
    expect([...projects.values()]).toEqual(fresh.projects);
    expect([...memories.values()]).toEqual(fresh.memories);
    expect(fresh.projects).toHaveLength(1);
    expect(fresh.memories).toHaveLength(1);
  });
});

it('one setting changes alone: the others stay as they were', async () => {
  const ada = await world.person();
  await world.as(ada).me.update({ settings: { tone: 'direct', language: 'fr' } });
  const me = await world.as(ada).me.update({ settings: { length: 'short' } });
  expect(me.settings).toMatchObject({ tone: 'direct', language: 'fr', length: 'short' });
});

it('a conversation’s context is merged, told, and kept small', async () => {
  const ada = await world.person();
  const sessionId = await world.conversation(ada);
  const note = (context: Record<string, unknown>) =>
    world.as(ada).session.update({ mutationId: id(), sessionId, context });
  await note({ goal: 'A title', due: 'Friday' });
  expect((await note({ due: null })).context).toEqual({ goal: 'A title' });
  await expect(note({ goal: 'x'.repeat(limits.sessionContextLength) })).rejects.toThrow(/Shorten it/);
  expect((await world.as(ada).session.get({ sessionId })).context).toEqual({ goal: 'A title' });
});

it('what needs a project that could not be made yet waits for it, in one push', async () => {
  const ada = await world.person();
  const sessionId = await world.conversation(ada);
  const projectId = newProjectId();
  const consume = world.services.limiter.consume;
  let calls = 0;
  // The first write of this push is refused for now, as under load.
  world.services.limiter.consume = async (kind) => {
    if (kind !== 'write') return;
    calls += 1;
    const { ChatError } = await import('../../protocol/errors.ts');
    if (calls === 1) throw new ChatError('RATE_LIMITED', 'Slow down', { retryAfterMs: 1 });
  };
  try {
    const mutations = [
      { mutationId: id(), op: 'project.create', input: { id: projectId, title: 'Maize' } },
      { mutationId: id(), op: 'session.update', input: { sessionId, projectId } },
      { mutationId: id(), op: 'session.update', input: { sessionId, title: 'Behind it' } },
      { mutationId: id(), op: 'memory.add', input: { id: newMemoryId(), content: 'Elsewhere' } },
    ];
    const { results } = await world.as(ada).outbox.push({ mutations });
    expect(results.map((r) => (r.ok ? 'ok' : r.error.reason))).toEqual([
      'RATE_LIMITED',
      'UNAVAILABLE',
      'UNAVAILABLE',
      'ok',
    ]);
    const again = await world.as(ada).outbox.push({ mutations });
    expect(again.results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect((await world.as(ada).session.get({ sessionId })).projectId).toBe(projectId);
  } finally {
    world.services.limiter.consume = consume;
  }
});
