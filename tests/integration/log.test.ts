import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newMutationId } from '../../protocol/ids.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ reason: 'none', message: '' }),
    (error: { cause?: { reason?: string }; message: string }) => ({
      reason: error.cause?.reason ?? 'unknown',
      message: error.message,
    }),
  );

describe('one gapless seq per chat session (invariant 3)', () => {
  it('numbers concurrent sends of several people without a hole, in commit order', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const sends = Array.from({ length: 200 }, (_, i) =>
      world.as(i % 2 ? ada : ben).message.send({ id: newMessageId(), sessionId, content: `message ${i}` }),
    );
    const seqs = (await Promise.all(sends)).map((sent) => sent.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, i) => i + 2)); // 1 is the session's creation
    const { messages } = await world.as(ada).message.list({ sessionId, limit: 200 });
    expect(messages.map((m) => m.seq)).toEqual(seqs);
  });

  it('shares commits between writes that wait together', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const before = world.log.stats.batches;
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        world.as(ada).message.send({ id: newMessageId(), sessionId, content: `${i}` }),
      ),
    );
    expect(world.log.stats.batches - before).toBeLessThanOrEqual(12);
  });

  it('keeps the order in which one device wrote (invariant 4)', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const ids = Array.from({ length: 50 }, () => newMessageId());
    await Promise.all(ids.map((id, i) => world.as(ada).message.send({ id, sessionId, content: `${i}` })));
    const { messages } = await world.as(ada).message.list({ sessionId, limit: 200 });
    expect(messages.map((m) => m.id)).toEqual(ids);
  });
});

describe('one effect per (account, id), for ever (invariant 2)', () => {
  it('answers a repeated send with the first result', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const send = { id: newMessageId(), sessionId, content: 'Once only' };
    const first = await world.as(ada).message.send(send);
    const [second, third] = await Promise.all([
      world.as(ada).message.send(send),
      world.as(ada).message.send(send),
    ]);
    expect(first.duplicate).toBe(false);
    expect(second).toEqual({ ...first, duplicate: true });
    expect(third).toEqual(second);
    expect((await world.as(ada).message.list({ sessionId })).messages).toHaveLength(1);
  });

  it('lets two identical sends race without a second effect', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const send = { id: newMessageId(), sessionId, content: 'Race' };
    const results = await Promise.all(Array.from({ length: 10 }, () => world.as(ada).message.send(send)));
    expect(results.filter((r) => !r.duplicate)).toHaveLength(1);
    expect(new Set(results.map((r) => r.seq)).size).toBe(1);
  });

  it('still knows an id after its message was edited or deleted', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const send = { id: newMessageId(), sessionId, content: 'Draft' };
    const first = await world.as(ada).message.send(send);
    await world.as(ada).message.edit({ mutationId: newMutationId(), messageId: send.id, content: 'Better' });
    await world.as(ada).message.delete({ mutationId: newMutationId(), messageId: send.id });
    expect(await world.as(ada).message.send(send)).toEqual({ ...first, duplicate: true });
  });

  it('refuses an id that was used for other words, or by another person', async () => {
    const [ada, ben] = [await world.person(), await world.person()];
    const sessionId = await world.conversation(ada, [ben]);
    const id = newMessageId();
    await world.as(ada).message.send({ id, sessionId, content: 'Mine' });
    expect(
      (await rejection(world.as(ada).message.send({ id, sessionId, content: 'Other words' }))).reason,
    ).toBe('ID_REUSED');
    expect((await rejection(world.as(ben).message.send({ id, sessionId, content: 'Mine' }))).reason).toBe(
      'ID_REUSED',
    );
  });

  it('applies an edit or a reaction once per mutation id', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const messageId = newMessageId();
    await world.as(ada).message.send({ id: messageId, sessionId, content: 'Hello' });
    const edit = { mutationId: newMutationId(), messageId, content: 'Hello again' };
    const first = await world.as(ada).message.edit(edit);
    expect(await world.as(ada).message.edit(edit)).toEqual({ ...first, duplicate: true });
    expect((await rejection(world.as(ada).message.edit({ ...edit, content: 'Third' }))).reason).toBe(
      'ID_REUSED',
    );
    expect((await world.as(ada).session.get({ sessionId })).lastSeq).toBe(3);
  });
});

describe('what was rejected is never seen by anyone (invariant 6)', () => {
  it('says the same of a foreign conversation as of one that does not exist', async () => {
    const [ada, eve] = [await world.person(), await world.person()];
    const sessionId = await world.conversation(ada);
    const real = await rejection(
      world.as(eve).message.send({ id: newMessageId(), sessionId, content: 'Let me in' }),
    );
    const none = await rejection(
      world.as(eve).message.send({
        id: newMessageId(),
        sessionId: sessionId.replace(/.{4}$/, '0000'),
        content: 'Let me in',
      }),
    );
    expect(real).toEqual(none);
    expect(real.reason).toBe('NOT_FOUND');
    expect((await world.as(ada).session.get({ sessionId })).lastSeq).toBe(1);
  });

  it('refuses a reply to a message that is not there, an over-long one, and an empty one', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const attempt = (content: string, parentId?: string) =>
      world.as(ada).message.send({ id: newMessageId(), sessionId, content, parentId });
    const send = (...message: Parameters<typeof attempt>) => rejection(attempt(...message));
    expect((await send('Reply', newMessageId())).reason).toBe('NOT_FOUND');
    expect((await send('x'.repeat(16_001))).reason).toBe('TOO_LARGE');
    // What a schema refuses is INVALID_INPUT on the wire.
    for (const content of ['', ' ', 'NUL \0'])
      await expect(attempt(content)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect((await world.as(ada).session.get({ sessionId })).lastSeq).toBe(1);
    expect(world.errors).toEqual([]);
  });
});

describe('asking Agent Jay', () => {
  it('commits the turn with the question, one per question', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const send = { id: newMessageId(), sessionId, content: 'How do I choose a topic?' };
    await world.as(ada).message.send(send);
    await world.as(ada).message.send(send);
    const { messages } = await world.as(ada).message.list({ sessionId });
    expect(messages.map((m) => [m.role, m.turn?.status ?? null])).toEqual([
      ['user', null],
      ['assistant', 'streaming'],
    ]);
    expect(await world.database.prisma.agentTurn.count({ where: { questionId: send.id } })).toBe(1);
  });

  it('leaves him silent among several people until he is addressed or replied to', async () => {
    const [ada, ben] = [await world.person(), await world.person()];
    const sessionId = await world.conversation(ada, [ben], true);
    await world.as(ada).message.send({ id: newMessageId(), sessionId, content: 'Hi Ben' });
    expect(await world.database.prisma.agentTurn.count({ where: { sessionId } })).toBe(0);
    await world.as(ada).message.send({ id: newMessageId(), sessionId, content: '@jay what do you think?' });
    const turn = await world.database.prisma.agentTurn.findFirstOrThrow({ where: { sessionId } });
    await world
      .as(ben)
      .message.send({ id: newMessageId(), sessionId, content: 'And why?', parentId: turn.messageId });
    expect(await world.database.prisma.agentTurn.count({ where: { sessionId } })).toBe(2);
  });
});
