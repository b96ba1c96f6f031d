import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatError } from '../../protocol/errors.ts';
import { newMessageId, newMutationId, newSessionId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { eventually } from '../support/eventually.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('outbox.push', () => {
  it('creates a conversation, writes, edits and reacts in one go, in order', async () => {
    const ada = await world.person();
    const [sessionId, first, second] = [newSessionId(), newMessageId(), newMessageId()];
    const mutations = [
      { mutationId: newMutationId(), op: 'session.create', input: { id: sessionId, withAgent: false } },
      { mutationId: newMutationId(), op: 'message.send', input: { id: first, sessionId, content: 'One' } },
      {
        mutationId: newMutationId(),
        op: 'message.send',
        input: { id: second, sessionId, content: 'Two', parentId: first },
      },
      {
        mutationId: newMutationId(),
        op: 'message.edit',
        input: { messageId: first, content: 'One, edited' },
      },
      {
        mutationId: newMutationId(),
        op: 'message.react',
        input: { messageId: second, emoji: '🎓', on: true },
      },
    ];
    const { results } = await world.as(ada).outbox.push({ mutations });
    expect(results.map((r) => [r.mutationId, r.ok])).toEqual(mutations.map((m) => [m.mutationId, true]));
    const again = await world.as(ada).outbox.push({ mutations });
    expect(again.results.every((r) => r.ok && (r.result as { duplicate: boolean }).duplicate)).toBe(true);
    const { messages } = await world.as(ada).message.list({ sessionId });
    expect(messages.map((m) => [m.content, m.reactions])).toEqual([
      ['One, edited', {}],
      ['Two', { '🎓': [ada.userId] }],
    ]);
  });

  it('ends the typing of whoever sends, as the mutation by itself does', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const device = await listen(world, ben);
    await world.as(ada).typing.set({ sessionId, isTyping: true });
    const id = newMessageId();
    const input = { id, sessionId, content: 'Written' };
    await world
      .as(ada)
      .outbox.push({ mutations: [{ mutationId: newMutationId(), op: 'message.send', input }] });
    // Later than whatever its send told.
    await world.as(ada).typing.set({ sessionId, isTyping: true });
    const typing = () =>
      device.heard.flatMap(({ event }) => (event.type === 'typing' ? [event.isTyping] : []));
    await eventually(() => expect(typing().filter((is) => is)).toHaveLength(2));
    expect(typing()).toEqual([true, false, true]);
    await device.close();
  });

  it('lets a terminal failure block nothing, and says in each place what is wrong', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const entry = (op: string, input: unknown) => ({ mutationId: newMutationId(), op, input });
    const { results } = await world.as(ada).outbox.push({
      mutations: [
        entry('message.send', { id: 'not an id', sessionId, content: 'x' }),
        entry('message.send', null),
        entry('message.fly', {}),
        entry('message.fly'.repeat(100), {}),
        { mutationId: newMutationId(), op: 'message.send' },
        entry('message.send', { id: newMessageId(), sessionId: newSessionId(), content: 'to nowhere' }),
        entry('message.send', { id: newMessageId(), sessionId, content: 'x'.repeat(20_000) }),
        entry('message.send', { id: newMessageId(), sessionId, content: 'arrives' }),
      ],
    });
    const reasons = results.map((r) => (r.ok ? 'ok' : r.error.reason));
    expect(reasons).toEqual([
      'INVALID_INPUT',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'NOT_FOUND',
      'TOO_LARGE',
      'ok',
    ]);
    expect(world.errors).toEqual([]);
  });

  it('takes each mutation of the wire, also those that no device of ours lets wait (invariant 2)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada);
    const push = async (who: typeof ada, mutation: OutboxMutation) => {
      const { results } = await world.as(who).outbox.push({ mutations: [mutation] });
      const [answer] = results;
      if (!answer?.ok) throw new Error(JSON.stringify(answer));
      return answer.result;
    };
    const entry = (op: string, input: object) => ({ mutationId: newMutationId(), op, input });
    const invite = entry('session.invite', { sessionId });
    const { token } = (await push(ada, invite)) as { token: string };
    expect(await push(ada, invite)).toMatchObject({ token, duplicate: true });
    expect((await world.as(ada).session.invites({ sessionId })).invitations).toMatchObject([{ token }]);
    const join = entry('session.join', { token });
    const joined = { id: sessionId, lastSeq: 2, members: [{ userId: ada.userId }, { userId: ben.userId }] };
    expect(await push(ben, join)).toMatchObject({ ...joined, duplicate: false });
    const device = await listen(world, ada);
    expect(await push(ben, entry('typing.set', { sessionId, isTyping: true }))).toEqual({ ok: true });
    await device.until((e) => e.type === 'typing' && e.userId === ben.userId && e.isTyping);
    expect(await push(ben, entry('presence.set', { status: 'busy' }))).toEqual({ ok: true });
    await device.until((e) => e.type === 'presence' && e.userId === ben.userId && e.status === 'busy');
    await device.close();
    // A joining that comes again late does not bring back whoever has left.
    await world.as(ben).session.leave({ mutationId: newMutationId(), sessionId });
    expect(await push(ben, join)).toMatchObject({ ...joined, duplicate: true });
    expect((await world.as(ada).session.get({ sessionId })).members).toHaveLength(1);
  });

  it('leaves everything behind a retryable failure untouched within its conversation, and there alone (invariant 4)', async () => {
    const ada = await world.person();
    const [busy, calm] = [await world.conversation(ada), await world.conversation(ada)];
    const send = (sessionId: typeof busy, content: string) => {
      const id = newMessageId();
      return { mutationId: newMutationId(), op: 'message.send', input: { id, sessionId, content } };
    };
    const fails = send(busy, 'fails for now');
    const mutations = [
      send(busy, 'first'),
      fails,
      send(calm, 'elsewhere'),
      send(busy, 'behind'),
      {
        mutationId: newMutationId(),
        op: 'message.react',
        input: { messageId: fails.input.id, emoji: '👍', on: true },
      },
    ];
    let count = 0;
    world.services.limiter.consume = async () => {
      count += 1;
      if (count === 3) throw new ChatError('RATE_LIMITED', 'Slow down.', { retryAfterMs: 10 }); // 1 is the push's own
    };
    const { results } = await world.as(ada).outbox.push({ mutations });
    world.services.limiter.consume = async () => {};
    expect(results.map((r) => (r.ok ? 'ok' : r.error.reason))).toEqual([
      'ok',
      'RATE_LIMITED',
      'ok',
      'UNAVAILABLE',
      'UNAVAILABLE',
    ]);
    await world.as(ada).outbox.push({ mutations });
    const { messages } = await world.as(ada).message.list({ sessionId: busy });
    expect(messages.map((m) => m.content)).toEqual(['first', 'fails for now', 'behind']);
  });

  it('takes a forward for what it is: a send to where it goes, behind what it passes on (invariant 4)', async () => {
    const ada = await world.person();
    const [from, to] = [await world.conversation(ada), await world.conversation(ada)];
    const entry = (op: string, input: object) => ({ mutationId: newMutationId(), op, input });
    const [original, forwarded] = [newMessageId(), newMessageId()];
    const send = (id: string, sessionId: string, content: string) =>
      entry('message.send', { id, sessionId, content });
    const push = async (mutations: ReturnType<typeof entry>[], failing: number) => {
      let count = 0;
      world.services.limiter.consume = async () => {
        count += 1;
        if (count === failing + 1) throw new ChatError('RATE_LIMITED', 'Slow down.', { retryAfterMs: 10 }); // 1 is the push's own
      };
      const { results } = await world.as(ada).outbox.push({ mutations });
      world.services.limiter.consume = async () => {};
      return results.map((r) => (r.ok ? 'ok' : r.error.reason));
    };
    const forward = entry('message.forward', { id: forwarded, messageId: original, sessionId: to });
    const rest = [
      forward,
      send(newMessageId(), to, 'behind the forward'),
      entry('message.edit', { messageId: forwarded, content: 'passed on, edited' }),
    ];
    const all = [send(original, from, 'to pass on'), ...rest];
    // The original could not be sent yet: nor could what passes it on, nor what stands behind that.
    expect(await push(all, 1)).toEqual(['RATE_LIMITED', 'UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
    // The forward itself could not.
    expect(await push(all, 2)).toEqual(['ok', 'RATE_LIMITED', 'UNAVAILABLE', 'UNAVAILABLE']);
    expect(await push(all, 9)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const { messages } = await world.as(ada).message.list({ sessionId: to });
    expect(messages.map(({ content }) => content)).toEqual(['passed on, edited', 'behind the forward']);
  });
});

describe('receipts (invariant 13)', () => {
  it('move forward only, never past the last event, and reading implies delivery', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const messageId = newMessageId();
    await world.as(ada).message.send({ id: messageId, sessionId, content: 'Read me' });
    const mark = (deliveredSeq?: number, readSeq?: number) =>
      world.as(ben).receipt.mark({ sessionId, deliveredSeq, readSeq });
    expect(await mark(2)).toMatchObject({ deliveredSeq: 2, readSeq: 0 });
    const delivered = (await world.as(ada).message.info({ messageId })).recipients[0];
    expect(delivered).toMatchObject({ userId: ben.userId, readAt: null });
    expect(await mark(undefined, 999)).toMatchObject({ deliveredSeq: 2, readSeq: 2 });
    expect(await mark(0, 0)).toMatchObject({ deliveredSeq: 2, readSeq: 2 });
    expect(await mark(Number.MAX_SAFE_INTEGER, 2 ** 31)).toMatchObject({ deliveredSeq: 2, readSeq: 2 });
    const read = (await world.as(ada).message.info({ messageId })).recipients[0];
    expect(read?.deliveredAt).toBe(delivered?.deliveredAt);
    expect(read?.readAt).not.toBeNull();
  });
});

it('lists the newest messages to whoever asks for those before the end of all numbers', async () => {
  const ada = await world.person();
  const sessionId = await world.conversation(ada);
  await world.say(ada, sessionId, 'Newest');
  const { messages } = await world.as(ada).message.list({ sessionId, before: Number.MAX_SAFE_INTEGER });
  expect(messages.map(({ content }) => content)).toEqual(['Newest']);
});

describe('bad input gets its reason and changes nothing', () => {
  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error: { cause?: { reason?: string; name?: string }; code: string }) =>
        error.cause?.reason ?? error.cause?.name ?? error.code,
    );

  it('for conversations', async () => {
    const [ada, ben, eve] = [await world.person('Ada'), await world.person('Ben'), await world.person('Eve')];
    const sessionId = await world.conversation(ada, [ben]);
    const mutationId = newMutationId();
    const create = { id: newSessionId(), title: 'A', withAgent: false };
    const first = await world.as(ada).session.create(create);
    expect(await world.as(ada).session.create(create)).toEqual({ ...first, duplicate: true });
    expect(await reasonOf(world.as(ada).session.create({ ...create, title: 'B' }))).toBe('ID_REUSED');
    expect(await reasonOf(world.as(eve).session.create(create))).toBe('ID_REUSED');
    expect(
      await reasonOf(world.as(ada).session.create({ id: newSessionId(), memberIds: [newSessionId()] })),
    ).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).session.get({ sessionId }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).session.get({ sessionId: newSessionId() }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).session.invite({ sessionId }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).session.join({ token: 'made-up' }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).typing.set({ sessionId, isTyping: true }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).receipt.mark({ sessionId, readSeq: 1 }))).toBe('NOT_FOUND');
    expect(
      await reasonOf(world.as(ben).session.removeMember({ mutationId, sessionId, userId: ada.userId })),
    ).toBe('FORBIDDEN');
    await world.as(ben).session.leave({ mutationId, sessionId });
    expect(await reasonOf(world.as(ben).session.get({ sessionId }))).toBe('FORBIDDEN');
  });

  it('for a conversation that is full', async () => {
    const [ada, ben, cleo] = [
      await world.person('Ada'),
      await world.person('Ben'),
      await world.person('Cleo'),
    ];
    const id = newSessionId();
    await world.as(ada).session.create({ id, isGroupChat: true, maxParticipants: 2 });
    const { token } = await world.as(ada).session.invite({ sessionId: id });
    await world.as(ben).session.join({ token });
    expect(await reasonOf(world.as(cleo).session.join({ token }))).toBe('CONFLICT');
    expect((await world.as(ben).session.join({ token })).members.map((m) => m.userId)).toContain(ben.userId);
  });

  it('for messages', async () => {
    const [ada, ben, eve] = [await world.person('Ada'), await world.person('Ben'), await world.person('Eve')];
    const sessionId = await world.conversation(ada, [ben]);
    const messageId = newMessageId();
    await world.as(ada).message.send({ id: messageId, sessionId, content: 'Mine' });
    const id = () => newMutationId();
    expect(
      await reasonOf(world.as(ben).message.edit({ mutationId: id(), messageId, content: 'Yours' })),
    ).toBe('FORBIDDEN');
    expect(await reasonOf(world.as(ben).message.delete({ mutationId: id(), messageId }))).toBe('FORBIDDEN');
    expect(await reasonOf(world.as(eve).message.edit({ mutationId: id(), messageId, content: 'Ours' }))).toBe(
      'NOT_FOUND',
    );
    expect(await reasonOf(world.as(eve).message.info({ messageId }))).toBe('NOT_FOUND');
    expect(await reasonOf(world.as(eve).message.thread({ messageId }))).toBe('NOT_FOUND');
    expect(
      await reasonOf(world.as(ben).message.feedback({ mutationId: id(), messageId, value: 'like' })),
    ).toBe('CONFLICT');
    await world.as(ada).message.delete({ mutationId: id(), messageId });
    expect(
      await reasonOf(world.as(ada).message.edit({ mutationId: id(), messageId, content: 'Again' })),
    ).toBe('CONFLICT');
    expect(
      await reasonOf(world.as(ben).message.react({ mutationId: id(), messageId, emoji: '👍', on: true })),
    ).toBe('CONFLICT');
  });
});

describe('message.search', () => {
  it("finds words by their beginning in one's own conversations alone, with the hits marked", async () => {
    const [ada, eve] = [await world.person('Ada'), await world.person('Eve')];
    const sessionId = await world.conversation(ada);
    for (const content of ['Stratified sampling by faculty', 'A sample of three hundred', 'Nothing here']) {
      await world.as(ada).message.send({ id: newMessageId(), sessionId, content });
    }
    const { hits } = await world.as(ada).message.search({ query: 'SAMPL' });
    expect(hits.map((hit) => hit.message.content.slice(...(hit.ranges[0] ?? [0, 0])))).toEqual([
      'sampl',
      'sampl',
    ]);
    expect((await world.as(eve).message.search({ query: 'sampl' })).hits).toEqual([]);
    const first = await world.as(ada).message.search({ query: 'sampl', limit: 1 });
    const second = await world.as(ada).message.search({ query: 'sampl', limit: 1, after: first.after ?? '' });
    expect([first.hits[0]?.message.id, second.hits[0]?.message.id]).toEqual(
      hits.map((hit) => hit.message.id),
    );
    expect((await world.as(ada).message.search({ query: "it's & | ! :* '" })).hits).toEqual([]);
  });
});
