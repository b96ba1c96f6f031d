import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { withoutRoom } from '../../tests/support/no-room.ts';
import { acknowledgeSends, outboxOn, refuseAll } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { NotStored } from './not-stored.ts';
import type { Outbox } from './outbox.ts';

let db: LocalDb;
let outbox: Outbox;
let pushed: OutboxMutation[];
let reply: (mutations: OutboxMutation[]) => unknown;
const sessionId = newSessionId();
const offline = () => {
  throw new Error('offline');
};

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  pushed = [];
  reply = offline;
  outbox = outboxOn(db, {
    push: async (mutations) => {
      pushed.push(...mutations);
      return reply(mutations);
    },
    random: () => 1,
  });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

const write = async (content: string) => {
  const mutationId = await outbox.enqueue('message.send', { id: newMessageId(), sessionId, content });
  // The first try, which comes to nothing.
  await outbox.drain();
  return mutationId;
};
const contents = () => pushed.map(({ input }) => (input as { content: string }).content);
const states = async () => (await db.listOutbox()).map((entry) => entry.state);

describe('on a device that is full', () => {
  it('sends what waits, once and in order, and writes down what became of it when there is room (invariants 4 and 5)', async () => {
    await write('one');
    await write('two');
    pushed = [];
    reply = acknowledgeSends;
    await withoutRoom(async () => {
      for (let n = 0; n < 3; n += 1) await outbox.drain();
    });
    expect(contents()).toEqual(['one', 'two']);
    await outbox.drain();
    expect([contents(), await states()]).toEqual([['one', 'two'], []]);
    const rows = await db.listMessages(sessionId, { limit: 10 });
    expect(rows.map((row) => [row.content, row.local])).toEqual([
      ['one', null],
      ['two', null],
    ]);
  });

  it('tries no more what was refused, and shows the refusal once there is room (invariant 5)', async () => {
    await write('refused');
    pushed = [];
    reply = refuseAll;
    await withoutRoom(async () => {
      for (let n = 0; n < 3; n += 1) await outbox.drain();
    });
    expect(contents()).toEqual(['refused']);
    await outbox.drain();
    expect([contents(), await states()]).toEqual([['refused'], ['failed']]);
  });

  it('takes marks out that were acknowledged, for nothing has to be written for that', async () => {
    reply = offline;
    await outbox.enqueue('receipt.mark', { sessionId, readSeq: 3 });
    await outbox.drain();
    reply = (mutations) => ({
      results: mutations.map(({ mutationId }) => ({ mutationId, ok: true, result: {} })),
    });
    await withoutRoom(() => outbox.drain());
    expect(await states()).toEqual([]);
  });

  it('gives up a message that may have arrived here and there, or not at all (invariant 19)', async () => {
    const mutationId = await write('never mind');
    await withoutRoom(async () => {
      await expect(outbox.discard(mutationId)).rejects.toThrow(NotStored);
    });
    const ops = async () => (await db.listOutbox()).map((entry) => entry.op);
    expect([await ops(), (await db.listMessages(sessionId, { limit: 10 })).length]).toEqual([
      ['message.send'],
      1,
    ]);
    await outbox.discard(mutationId);
    expect([await ops(), (await db.listMessages(sessionId, { limit: 10 })).length]).toEqual([
      ['message.delete'],
      0,
    ]);
  });

  it('deletes there what left while nothing could be written of it', async () => {
    const other = outboxOn(db, { push: () => new Promise(() => {}) });
    // Never tried until the device is full.
    const mutationId = await other.enqueue('message.send', { id: newMessageId(), sessionId, content: 'x' });
    other.close();
    await db.write('strict', async (tx) => {
      for (const entry of await db.listEntries(tx))
        await tx.objectStore('outbox').put({ ...entry, attempts: 0 });
    });
    await withoutRoom(() => outbox.drain());
    expect(contents()).toEqual(['x']);
    expect((await db.listOutbox()).map((entry) => entry.attempts)).toEqual([0]);
    await outbox.discard(mutationId);
    expect((await db.listOutbox()).map((entry) => entry.op)).toEqual(['message.delete']);
  });
});
