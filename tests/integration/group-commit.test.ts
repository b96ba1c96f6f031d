import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { Log } from '../../server/log/log.ts';
import { eventually } from '../support/eventually.ts';
import { contentsOf, listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const rowOf = (who: Account, sessionId: SessionId, content: string) => ({
  id: newMessageId(),
  sessionId,
  userId: who.userId,
  content,
  parentId: null,
  hash: content,
  mentionsAgent: false,
  isPlaced: false,
  hasFiles: false,
});

describe('many writes, one commit', () => {
  it('fails only the write at fault when a batch fails, and keeps the order of the others', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    // No text column can hold U+0000: the whole statement fails.
    const contents = ['first', 'second', 'broken \0', 'third', 'fourth'];
    const sent = await Promise.allSettled(
      contents.map((content) => world.log.send(rowOf(ada, sessionId, content))),
    );
    expect(sent.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const { messages } = await world.as(ada).message.list({ sessionId });
    expect(messages.map((m) => m.content)).toEqual(['first', 'second', 'third', 'fourth']);
    expect(messages.map((m) => m.seq)).toEqual([2, 3, 4, 5]);
  });

  it.each([
    // As a database that was restarted between its commit and its answer, and as a mistake of ours.
    ['a lost connection', 'Connection terminated unexpectedly', 'rejected'],
    ['an error that nobody knows', 'What is this?', 'fulfilled'],
  ])(
    'makes one message of each though its commit is answered with %s, whoever tries again (invariants 1 and 2)',
    async (_, answer, first) => {
      const ada = await world.person();
      const sessionId = await world.conversation(ada);
      const device = await listen(world, ada);
      let isAnswered = false;
      const query = async (statement: object) => {
        const result = await world.database.pool.query(statement as never); // what the real one is given, as it is
        if (isAnswered) return result;
        isAnswered = true;
        throw new Error(answer);
      };
      const pool = Object.assign(Object.create(world.database.pool), { query });
      const log = new Log(
        { ...world.database, pool },
        (entries) => world.hub.publish(entries),
        () => {},
      );
      const contents = ['first', 'second', 'third'];
      const rows = contents.map((content) => rowOf(ada, sessionId, content));
      const sent = await Promise.allSettled(rows.map((row) => log.send(row)));
      expect(sent.map(({ status }) => status)).toEqual(contents.map(() => first));
      const again = await Promise.all(rows.map((row) => log.send(row)));
      expect(again.map(({ outcome, seq }) => [outcome, seq])).toEqual(
        contents.map((_, i) => ['duplicate', i + 2]),
      );
      await world.log.send(rowOf(ada, sessionId, 'last'));
      await device.until((event) => event.type === 'message.created' && event.message.content === 'last');
      expect(contentsOf(device.heard)).toEqual([...contents, 'last']);
      await device.close();
    },
  );

  it('takes an eighth of a commit per send, and less, when 64 people send at once', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const before = { ...world.log.stats };
    for (let round = 0; round < 5; round += 1)
      await Promise.all(
        Array.from({ length: 64 }, (_, i) => world.log.send(rowOf(ada, sessionId, `${round} ${i}`))),
      );
    const sends = world.log.stats.sends - before.sends;
    expect(sends).toBe(320);
    expect((world.log.stats.batches - before.batches) / sends).toBeLessThanOrEqual(1 / 8);
  });

  it('runs one statement and no transaction of Prisma for a message and the beginning of its answer', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const { changes, sends, batches } = world.log.stats;
    const sent = await world.log.send({ ...rowOf(ada, sessionId, 'And why?'), mentionsAgent: true });
    expect(sent.answerId).not.toBeNull();
    await eventually(() =>
      expect(world.log.stats).toMatchObject({ changes, sends: sends + 1, batches: batches + 1 }),
    );
  });

  it('answers UNAVAILABLE when the queue is long, and takes writes again when it is short', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const log = new Log(
      world.database,
      (entries) => world.hub.publish(entries),
      () => {},
      {},
      { queueAtMost: 50 },
    );
    const sent = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => log.send(rowOf(ada, sessionId, `${i}`))),
    );
    const refused = sent.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(10);
    for (const { reason } of refused)
      expect(reason.toFailure()).toMatchObject({
        reason: 'UNAVAILABLE',
        retryable: true,
        retryAfterMs: 1000,
      });
    await log.send(rowOf(ada, sessionId, 'and again'));
    expect((await world.as(ada).message.list({ sessionId, limit: 200 })).messages).toHaveLength(51);
  });
});
