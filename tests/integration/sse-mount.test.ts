import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatError } from '../../protocol/errors.ts';
import { newMessageId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { retryAfterSeconds } from '../../server/http/failures.ts';
import { createSseMount } from '../../server/realtime/sse-mount.ts';
import { decodeFrames } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: Server;
let base: string;
const accounts = new Map<string, Account>();

beforeAll(async () => {
  world = await createWorld();
  const contextOf = async (request: express.Request) => {
    const account = accounts.get(String(request.headers['x-test-account'])) ?? null;
    return {
      account: account && { ...account, expiresAt: new Date(Date.now() + 3_600_000) },
      requestId: 'test',
      ip: '127.0.0.1',
    };
  };
  const app = express();
  app.get(
    '/ours/events.subscribe',
    createSseMount({
      router: world.router,
      createContext: contextOf,
      onError: (error) => world.errors.push(error),
      retryAfter: retryAfterSeconds,
    }),
  );
  app.use(
    '/stock',
    createExpressMiddleware({ router: world.router, createContext: ({ req }) => contextOf(req) }),
  );
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

/** Reads a stream as raw text until `enough` says so. */
async function readStream(
  url: string,
  headers: Record<string, string>,
  enough: (text: string) => boolean,
): Promise<string> {
  const aborter = new AbortController();
  const response = await fetch(url, { headers, signal: aborter.signal });
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (enough(text)) break;
  }
  aborter.abort();
  return text;
}

const urlOf = (mount: 'ours' | 'stock', input: object) =>
  `${base}/${mount}/events.subscribe?input=${encodeURIComponent(JSON.stringify(input))}`;

describe("the product's own mount speaks tRPC's format", () => {
  it('sends the same frames as the stock producer', async () => {
    const ada = await world.person();
    accounts.set('ada', ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    const sessionId = await world.conversation(ada);
    for (const content of ['one', 'two\nlines', 'Grüße 👋']) {
      await world.as(ada).message.send({ id: newMessageId(), sessionId, content });
    }
    const read = (mount: 'ours' | 'stock') =>
      readStream(urlOf(mount, { cursor }), { 'x-test-account': 'ada' }, (text) => text.includes('caught-up'));
    const [ours, stock] = [decodeFrames(await read('ours')), decodeFrames(await read('stock'))];
    expect(ours).toEqual(stock);
    expect(ours.map((frame) => frame.event)).toEqual(['connected', ...Array(5).fill('message')]);
  });

  it('reports a missing sign-in inside the stream to an EventSource, as the stock producer does', async () => {
    const headers = { accept: 'text/event-stream' };
    const done = (text: string) => text.includes('serialized-error');
    const error = async (mount: 'ours' | 'stock') => {
      const frame = decodeFrames(await readStream(urlOf(mount, {}), headers, done)).find(
        (f) => f.event === 'serialized-error',
      );
      return JSON.parse(frame?.data ?? 'null');
    };
    expect(await error('ours')).toEqual(await error('stock'));
    expect((await error('ours')).data).toMatchObject({
      reason: 'UNAUTHENTICATED',
      retryable: false,
      httpStatus: 401,
    });
  });

  it('answers anyone else with the plain status', async () => {
    const response = await fetch(urlOf('ours', {}), { headers: { accept: 'application/json' } });
    expect(response.status).toBe(401);
    expect((await response.json()).error.data.reason).toBe('UNAUTHENTICATED');
  });

  it('says when to come back to whoever opens streams too often', async () => {
    accounts.set('ada', await world.person());
    const { consume } = world.services.limiter;
    world.services.limiter.consume = async () => {
      throw new ChatError('RATE_LIMITED', 'Slow down.', { retryAfterMs: 2_500 });
    };
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(urlOf('ours', {}), { headers: { 'x-test-account': 'ada', accept } });
      expect([response.status, response.headers.get('retry-after')]).toEqual([
        accept === 'application/json' ? 429 : 200,
        '3',
      ]);
      expect(await response.text()).toContain('"retryAfterMs":2500');
    }
    world.services.limiter.consume = consume;
  });

  it('lets Last-Event-ID win over the cursor of the input', async () => {
    const ada = await world.person();
    accounts.set('ada', ada);
    const { cursor } = await world.as(ada).sync.snapshot();
    const sessionId = await world.conversation(ada);
    await world.as(ada).message.send({ id: newMessageId(), sessionId, content: 'seen' });
    const { cursor: later } = await world.as(ada).sync.snapshot();
    const headers = { 'x-test-account': 'ada', 'last-event-id': later };
    const frames = decodeFrames(
      await readStream(urlOf('ours', { cursor }), headers, (text) => text.includes('caught-up')),
    );
    expect(frames.map((frame) => frame.event)).toEqual(['connected', 'message']);
  });

  it('closes a stream when its auth session ends, without the word that would end the subscription', async () => {
    const ada = await world.person();
    accounts.set('ada', ada);
    const text = await readStream(urlOf('ours', {}), { 'x-test-account': 'ada' }, (so) => {
      if (so.includes('caught-up')) world.hub.closeStreams({ authSessionId: ada.authSessionId });
      return false;
    }).catch((error) => String(error));
    expect(text).not.toContain('event: return');
    expect(world.hub.isConnected(ada.userId)).toBe(false);
  });

  it('closes a reader that never reads, and only that one', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    accounts.set('ada', ada).set('ben', ben);
    const sessionId = await world.conversation(ada, [ben]);
    const stuck = await fetch(urlOf('ours', {}), { headers: { 'x-test-account': 'ben' } });
    const closes = world.hub.stats.slowReaderCloses;
    const reading = readStream(urlOf('ours', {}), { 'x-test-account': 'ada' }, (text) =>
      text.includes('the end'),
    );
    const content = 'x'.repeat(16_000);
    for (let round = 0; round < 60 && world.hub.stats.slowReaderCloses === closes; round += 1) {
      const batch = Array.from({ length: 20 }, () =>
        world.as(ada).message.send({ id: newMessageId(), sessionId, content }),
      );
      await Promise.all(batch);
    }
    expect(world.hub.stats.slowReaderCloses).toBe(closes + 1);
    await world.as(ada).message.send({ id: newMessageId(), sessionId, content: 'the end' });
    expect(await reading).toContain('the end');
    await stuck.body?.cancel().catch(() => {});
  });
});
