import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrpc, failureOf } from '../../../app/trpc/client.ts';
import { newMessageId, newMutationId, newSessionId } from '../../../protocol/ids.ts';
import { callsOf, newPerson } from '../person.ts';
import { type ServerCluster, startServerCluster } from './cluster.ts';
import { follow } from './follow.ts';
import { openRawStream } from './raw-stream.ts';
import { whyNoRedis } from './redis-server.ts';

const missing = whyNoRedis();

describe.skipIf(missing !== null)(`nodes that go and come back${missing ? ` (${missing})` : ''}`, () => {
  let cluster: ServerCluster;
  beforeAll(async () => {
    cluster = await startServerCluster();
  }, 90_000);
  afterAll(() => cluster.stop(), 60_000);

  it('lose no event and no acknowledged write when one after the other is restarted under load, and end with 0 (invariants 1 and 7)', async () => {
    const { cookie } = await newPerson(cluster.url);
    const trpc = createTrpc(callsOf(cluster.url, () => cookie));
    const sessionId = newSessionId();
    await trpc.session.create.mutate({ id: sessionId, withAgent: false });
    const readers = [await follow(cluster.url, cookie), await follow(cluster.url, cookie)];
    const acknowledged: string[] = [];
    let isRestarting = true;
    const write = async (name: string) => {
      for (let i = 0; isRestarting; i += 1) {
        const send = { id: newMessageId(), sessionId, content: `${name} ${i}` };
        // As the outbox does: again, under the same id, until it is answered.
        while (!(await trpc.message.send.mutate(send).catch(() => null))) await delay(30);
        acknowledged.push(send.content);
        await delay(10);
      }
    };
    const writers = ['a', 'b', 'c'].map(write);
    const exits: (number | null)[] = [];
    for (const node of cluster.nodes) {
      await node.product.stop('SIGTERM');
      exits.push(node.product.process.exitCode);
      await node.start();
    }
    isRestarting = false;
    await Promise.all(writers);
    const last = 'The last word';
    await trpc.message.send.mutate({ id: newMessageId(), sessionId, content: last });
    await Promise.all(readers.map((reader) => reader.until(last)));
    expect(exits).toEqual([0, 0]);
    const [first, second] = readers.map((reader) => reader.contents());
    expect(first).toEqual(second);
    expect([...(first ?? [])].sort()).toEqual([...acknowledged, last].sort());
    // Whichever node a stream was on, that one went.
    expect(readers.every((reader) => reader.breaks() > 0)).toBe(true);
    await Promise.all(readers.map((reader) => reader.close()));
  }, 60_000);

  it('ride out a restart of the database: writes are unavailable, nothing is half done, streams stay (invariants 1 and 11)', async () => {
    const { cookie } = await newPerson(cluster.url);
    const calls = cluster.nodes.map((node) => createTrpc(callsOf(node.url, () => cookie)));
    const [one] = calls;
    if (!one) throw new Error('There are two nodes');
    const sessionId = newSessionId();
    await one.session.create.mutate({ id: sessionId, withAgent: false });
    // None of them comes back by itself.
    const streams = await Promise.all(cluster.nodes.map(({ url }) => openRawStream(url, cookie)));
    await Promise.all(streams.map((stream) => stream.until('caught-up')));
    const sends = calls.map((trpc, i) => ({
      trpc,
      send: { id: newMessageId(), sessionId, content: `by node ${i}` },
    }));

    await cluster.postgres.part.end('SIGINT');
    const refusals = await Promise.allSettled(sends.map(({ trpc, send }) => trpc.message.send.mutate(send)));
    expect(refusals.map((each) => each.status === 'rejected' && failureOf(each.reason))).toEqual(
      sends.map(() => expect.objectContaining({ reason: 'UNAVAILABLE', retryable: true })),
    );
    await cluster.postgres.part.start();

    for (const { trpc, send } of sends)
      await expect
        .poll(() => trpc.message.send.mutate(send).then(({ id }) => id, String), { timeout: 20_000 })
        .toBe(send.id);
    await Promise.all(
      streams.flatMap((stream) => sends.map(({ send }) => stream.until(`"content":"${send.content}"`))),
    );
    const { messages } = await one.message.list.query({ sessionId, limit: 10 });
    expect(messages.map(({ id, seq }) => [id, seq])).toEqual(sends.map(({ send }, i) => [send.id, i + 2]));
    for (const stream of streams) stream.close();
  }, 60_000);

  it('tell balancers that they are not ready while the database is away or stands still, and that they are again', async () => {
    const ready = () =>
      Promise.all(
        cluster.nodes.map(async ({ url }) => {
          // A balancer waits for no statement's own end, which is twice as far away.
          const signal = AbortSignal.timeout(10_000);
          const response = await fetch(`${url}/readyz?bus=optional`, { signal });
          return [response.status, (await response.json()).status];
        }),
      );
    const all = (...answer: unknown[]) => cluster.nodes.map(() => answer);
    const { part } = cluster.postgres;
    expect(await ready()).toEqual(all(200, 'ready'));
    await part.end('SIGINT');
    expect(await ready()).toEqual(all(503, 'unready'));
    await part.start();
    await expect.poll(ready, { timeout: 20_000 }).toEqual(all(200, 'ready'));
    part.pause();
    try {
      expect(await ready()).toEqual(all(503, 'unready'));
    } finally {
      part.resume();
    }
    await expect.poll(ready, { timeout: 20_000 }).toEqual(all(200, 'ready'));
  }, 60_000);

  it('are gone within 10 s of being told, though the database stands still', async () => {
    const [node] = cluster.nodes;
    const { cookie } = await newPerson(cluster.url);
    const stream = await openRawStream(node.url, cookie);
    await stream.until('caught-up');
    cluster.postgres.part.pause();
    try {
      const asked = performance.now();
      await node.product.stop('SIGTERM');
      expect(performance.now() - asked).toBeLessThan(10_000);
      await stream.ended(0);
    } finally {
      cluster.postgres.part.resume();
    }
    await node.start();
  }, 60_000);

  it('tell nothing of what follows to whoever was removed on another node while Redis is away (invariant 24)', async () => {
    if (!cluster.redis.part) return;
    const [node, other] = cluster.nodes;
    const [ada, ben] = [await newPerson(cluster.url), await newPerson(cluster.url)];
    const trpc = createTrpc(callsOf(node.url, () => ada.cookie));
    const sessionId = newSessionId();
    await trpc.session.create.mutate({ id: sessionId, memberIds: [ben.me.id], withAgent: false });
    const [adas, bens] = [
      await openRawStream(other.url, ada.cookie),
      await openRawStream(other.url, ben.cookie),
    ];
    await Promise.all([adas.until('caught-up'), bens.until('caught-up')]);
    await cluster.redis.part.end();
    await trpc.session.removeMember.mutate({ mutationId: newMutationId(), sessionId, userId: ben.me.id });
    await trpc.message.send.mutate({ id: newMessageId(), sessionId, content: 'without Ben' });
    await Promise.all([adas.until('without Ben'), bens.until('member.left')]);
    expect(bens.text()).not.toContain('without Ben');
    await bens.ended(5_000);
    adas.close();
    await cluster.redis.part.start();
  }, 30_000);
});
