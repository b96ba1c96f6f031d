import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLimits, type Limits } from '../../../server/http/rate-limits.ts';
import { connectRedis, type RedisConnections } from '../../../server/redis.ts';
import { type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';

const missing = whyNoRedis();
/** What one address may try with one e-mail. */
const SIGN_INS = 10;

describe.skipIf(missing !== null)(`rate limits of two nodes${missing ? ` (${missing})` : ''}`, () => {
  let redis: RedisServer;
  let connections: RedisConnections[];
  let nodes: [Limits, Limits];
  beforeAll(async () => {
    redis = await startRedis();
    const log = pino({ level: 'silent' });
    connections = [await connectRedis(redis.url, log), await connectRedis(redis.url, log)];
    const [one, two] = connections.map(({ publisher }) => createLimits({ enabled: true, redis: publisher }));
    if (!one || !two) throw new Error('There are two');
    nodes = [one, two];
  });
  afterAll(async () => {
    for (const each of connections) each.close();
    await redis.stop();
  });

  const key = () => `ada@example.test ${crypto.randomUUID()}`;
  const refusal = { reason: 'RATE_LIMITED', details: { retryAfterMs: expect.any(Number) } };

  it('are one share, whichever node is asked', async () => {
    const ada = key();
    for (let i = 0; i < SIGN_INS; i += 1) await nodes[i % 2 ? 1 : 0].consume('signIn', ada);
    for (const node of nodes) await expect(node.consume('signIn', ada)).rejects.toMatchObject(refusal);
    await nodes[0].consume('signIn', key());
  });

  it('are counted by each node alone while Redis is away, and together once it is back', async () => {
    if (!redis.part) return;
    await redis.part.end();
    const ada = key();
    for (const node of nodes) {
      for (let i = 0; i < SIGN_INS; i += 1) await node.consume('signIn', ada);
      await expect(node.consume('signIn', ada)).rejects.toMatchObject(refusal);
    }
    await redis.part.start();
    for (const { publisher } of connections) await expect.poll(() => publisher.isReady).toBe(true);
    const ben = key();
    for (let i = 0; i < SIGN_INS; i += 1) await nodes[i % 2 ? 1 : 0].consume('signIn', ben);
    for (const node of nodes) await expect(node.consume('signIn', ben)).rejects.toMatchObject(refusal);
  });

  it('are counted by each node alone, and soon, while Redis stands still', async () => {
    if (!redis.part) return;
    const ada = key();
    redis.part.pause();
    try {
      const waiting = nodes.map((node) => node.consume('write', ada).then(() => 'counted'));
      // Redis is taken for away, and its commands are given up, after three seconds.
      const gone = new Promise((resolve) => connections[0]?.publisher.once('error', () => resolve('gone')));
      for (const each of waiting) expect(await Promise.race([each, gone])).toBe('counted');
    } finally {
      redis.part.resume();
    }
    for (const { publisher } of connections) await expect.poll(() => publisher.isReady).toBe(true);
  });
});
