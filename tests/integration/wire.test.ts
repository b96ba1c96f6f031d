import {
  createTRPCClient,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClientError,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import type { AppRouter } from '../../server/trpc/router.ts';
import { type Product, startProduct } from '../support/product.ts';

/** The built product, seen from outside by stock clients over HTTP. */
let product: Product;
beforeAll(async () => {
  product = await startProduct();
}, 90_000);
afterAll(() => product.stop());

async function guest(at = product.url) {
  const response = await fetch(`${at}/api/auth/sign-in/anonymous`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect(response.status).toBe(200);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const withCookie: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('cookie', cookie);
    return fetch(input, { ...init, headers });
  };
  const url = `${at}/trpc`;
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({
          url,
          EventSource,
          eventSourceOptions: () => ({ fetch: withCookie as never }), // the package types its own fetch
        }),
        false: httpLink({ url, fetch: withCookie as never }),
      }),
    ],
  });
  return { cookie, trpc, fetch: withCookie };
}

type Guest = Awaited<ReturnType<typeof guest>>;

/** A stock subscription: collects events, and resolves when the last one is what was waited for. */
function collect(
  who: Guest,
  until: (event: ChatEvent) => boolean,
  input: { cursor?: string } = {},
): Promise<ChatEvent[]> {
  return new Promise((resolve, reject) => {
    const events: ChatEvent[] = [];
    const subscription = who.trpc.events.subscribe.subscribe(input, {
      onData({ data }) {
        const event = data as ChatEvent; // the wire's JSON is the type itself: there is no transformer
        events.push(event);
        if (!until(event)) return;
        subscription.unsubscribe();
        resolve(events);
      },
      onError: reject,
    });
  });
}

const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: TRPCClientError<AppRouter>) => error.data?.reason,
  );

describe('a stock tRPC client', () => {
  it('asks Agent Jay, sees the answer grow and finds it stored', async () => {
    const ada = await guest();
    const sessionId = newSessionId();
    await ada.trpc.session.create.mutate({ id: sessionId });
    const { cursor } = await ada.trpc.sync.snapshot.query();
    const events = collect(ada, (e) => e.type === 'message.completed', { cursor });
    await ada.trpc.message.send.mutate({
      id: newMessageId(),
      sessionId,
      content: 'How large should my sample be for 300 students?',
    });
    const heard = await events;
    const completed = heard.at(-1);
    if (completed?.type !== 'message.completed') throw new Error('the last event is the completion');
    expect(completed.turn).toMatchObject({ status: 'done', provider: 'built-in-guide' });
    let text = '';
    for (const event of heard)
      if (event.type === 'turn.delta') text = text.slice(0, event.offset) + event.text;
    expect(heard.filter((e) => e.type === 'turn.delta').length).toBeGreaterThan(2);
    expect(completed.content.startsWith(text)).toBe(true);
    const { messages } = await ada.trpc.message.list.query({ sessionId });
    expect(messages.map((m) => m.role)).toEqual(['user', 'assistant']);
    expect(messages[1]?.content).toBe(completed.content);
    const { suggestions } = await ada.trpc.agent.suggestions.query({ sessionId });
    expect(suggestions.length).toBeGreaterThanOrEqual(3);
    expect(suggestions.length).toBeLessThanOrEqual(5);
  });

  it('is told what is wrong, by reason and status', async () => {
    const [ada, eve] = [await guest(), await guest()];
    const sessionId = newSessionId();
    await ada.trpc.session.create.mutate({ id: sessionId });
    const send = (who: Guest, input: object) =>
      reasonOf(who.trpc.message.send.mutate({ id: newMessageId(), sessionId, content: 'x', ...input }));
    expect(await send(eve, {})).toBe('NOT_FOUND');
    expect(await send(ada, { id: 'x' })).toBe('INVALID_INPUT');
    expect(await send(ada, { content: 'x'.repeat(16_001) })).toBe('TOO_LARGE');
    expect(await send(ada, { content: 'x'.repeat(16_000) })).toBe('none');
    const raw = (path: string, init: RequestInit = {}) => fetch(`${product.url}${path}`, init);
    const json = { 'content-type': 'application/json' };
    const status = async (response: Response) => [
      response.status,
      (await response.json()).error?.data?.reason,
    ];
    expect(await status(await raw('/trpc/me.get'))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await status(await raw('/trpc/no.such', { headers: json }))).toEqual([404, 'NOT_FOUND']);
    const post = (headers: Record<string, string>, body: string) =>
      raw('/trpc/typing.set', { method: 'POST', headers: { cookie: ada.cookie, ...headers }, body });
    expect(await status(await post(json, '{ nonsense'))).toEqual([400, 'INVALID_INPUT']);
    expect(await status(await post({ ...json, origin: 'https://evil.example' }, '{}'))).toEqual([
      403,
      'FORBIDDEN',
    ]);
    expect(await status(await post({ ...json, 'sec-fetch-site': 'cross-site' }, '{}'))).toEqual([
      403,
      'FORBIDDEN',
    ]);
    expect(await status(await post(json, JSON.stringify('x'.repeat(7_000_000))))).toEqual([413, 'TOO_LARGE']);
    expect(
      await status(
        await post({ ...json, origin: product.url }, JSON.stringify({ sessionId, isTyping: true })),
      ),
    ).toEqual([200, undefined]);
  });
});

describe('kill -9', () => {
  it('loses no acknowledged message, and the stream goes on from its cursor (invariants 1 and 7)', async () => {
    const first = await startProduct();
    const { dataDir } = first;
    const ada = await guest(first.url);
    const sessionId = newSessionId();
    await ada.trpc.session.create.mutate({ id: sessionId, withAgent: false });
    const { cursor } = await ada.trpc.sync.snapshot.query();
    const sent: string[] = [];
    const writing = (async () => {
      for (let i = 0; i < 400; i += 1) {
        const { id } = await ada.trpc.message.send.mutate({ id: newMessageId(), sessionId, content: `${i}` });
        sent.push(id);
        if (i === 120) void first.kill();
      }
    })();
    await writing.catch(() => {}); // the connection goes with the server
    expect(sent.length).toBeGreaterThan(100);
    await first.kill();
    const second = await startProduct({ dataDir, port: Number(new URL(first.url).port) });
    try {
      const events = await collect(ada, (e) => e.type === 'caught-up', { cursor });
      const ids = events.flatMap((e) => (e.type === 'message.created' ? [e.message.id as string] : []));
      expect(ids.slice(0, sent.length)).toEqual(sent);
      expect(ids.length - sent.length).toBeLessThanOrEqual(1); // one call was under way: it may have happened or not
    } finally {
      await second.stop();
      await first.stop();
    }
  }, 90_000);
});

describe('kill -9 in the middle of an answer', () => {
  it('keeps its text and says that it was interrupted; the next question is answered (invariant 16)', async () => {
    const first = await startProduct();
    const ada = await guest(first.url);
    const sessionId = newSessionId();
    await ada.trpc.session.create.mutate({ id: sessionId });
    const { cursor } = await ada.trpc.sync.snapshot.query();
    let deltas = 0;
    const written = collect(ada, (e) => e.type === 'turn.delta' && ++deltas > 40, { cursor });
    await ada.trpc.message.send.mutate({
      id: newMessageId(),
      sessionId,
      content: 'How do I choose a project topic?',
    });
    await written;
    await first.kill();
    const second = await startProduct({ dataDir: first.dataDir, port: Number(new URL(first.url).port) });
    try {
      const events = await collect(ada, (e) => e.type === 'message.completed', { cursor });
      const end = events.at(-1);
      if (end?.type !== 'message.completed') throw new Error('the last event is the completion');
      expect(end.turn.status).toBe('interrupted');
      expect(end.content.length).toBeGreaterThan(10);
      expect(end.turn.error).toMatch(/\.$/);
      const next = collect(ada, (e) => e.type === 'message.completed');
      await ada.trpc.message.send.mutate({ id: newMessageId(), sessionId, content: 'thanks' });
      expect((await next).at(-1)).toMatchObject({ turn: { status: 'done' } });
    } finally {
      await second.stop();
      await first.stop();
    }
  }, 90_000);
});

describe('a device that speaks for one account (invariant 25)', () => {
  it('is refused once somebody else has signed in beside it', async () => {
    const [ada, ben] = [await guest(), await guest()];
    const { id } = await ada.trpc.me.get.query();
    const push = (who: Guest) =>
      who.fetch(`${product.url}/trpc/outbox.push`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-account': id },
        body: JSON.stringify({ mutations: [] }),
      });
    expect((await push(ada)).status).toBe(200);
    const refused = await push(ben);
    expect([refused.status, (await refused.json()).error.data.reason]).toEqual([401, 'UNAUTHENTICATED']);
    const params = encodeURIComponent(JSON.stringify({ account: id }));
    const stream = await ben.fetch(
      `${product.url}/trpc/events.subscribe?input={}&connectionParams=${params}`,
    );
    expect(stream.status).toBe(401);
  });
});
