import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newSessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type Browser, type ServedApp, serveApp } from '../../tests/support/served-app.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import { createLimits } from './rate-limits.ts';

let world: World;
let app: ServedApp;
let clientDir: string;
let isDraining = false;
let missing: string | null = null;
let busMissing: string | null = null;
beforeAll(async () => {
  clientDir = mkdtempSync(join(tmpdir(), 'jstar-client-'));
  mkdirSync(join(clientDir, 'assets'));
  writeFileSync(join(clientDir, 'assets/entry-abc.js'), 'export {};');
  writeFileSync(join(clientDir, 'sw.js'), '// service worker');
  world = await createWorld();
  app = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    metricsToken: 'a-token-for-metrics',
    isDraining: () => isDraining,
    readiness: async () => missing,
    busComplaint: () => busMissing,
    eventStream: (_request, response) => void response.json({ stream: 'ours' }),
    client: { dir: clientDir },
    pages: (_request, response) => {
      response.type('html').send(`<script nonce="${response.locals.cspNonce}"></script>`);
    },
  });
});
afterAll(async () => {
  await app.close();
  await world.close();
  rmSync(clientDir, { recursive: true });
});

const conversation = () => ({ id: newSessionId(), title: 'Literature review' });

async function signedIn(): Promise<Browser> {
  const browser = app.browser();
  await browser.guest();
  return browser;
}

async function failure(response: Response) {
  const { error } = await response.json();
  return { status: response.status, reason: error.data.reason, retryable: error.data.retryable };
}

const refused = { status: 403, reason: 'FORBIDDEN', retryable: false };
const invalid = { status: 400, reason: 'INVALID_INPUT', retryable: false };

it('is ready without its bus for a balancer that asks so, and says what is missing', async () => {
  busMissing = 'Redis does not answer.';
  try {
    const strict = await fetch(`${app.url}/readyz`);
    expect([strict.status, await strict.json()]).toEqual([503, { status: 'unready', reason: busMissing }]);
    const lenient = await fetch(`${app.url}/readyz?bus=optional`);
    expect([lenient.status, await lenient.json()]).toEqual([200, { status: 'ready', without: busMissing }]);
  } finally {
    busMissing = null;
  }
});

describe('a mutation', () => {
  it('from a page of another site is refused before it runs', async () => {
    const browser = await signedIn();
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: app.url.replace(/\d+$/, '1') },
      { origin: app.url.replace('http:', 'https:') },
      { origin: `${app.url}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: app.url, 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      const response = await browser.post('/trpc/session.create', conversation(), headers);
      expect(await failure(response), JSON.stringify(headers)).toEqual(refused);
    }
    expect((await (await browser.get('/trpc/session.list')).json()).result.data).toEqual([]);
  });

  it('from a foreign name that leads here is refused as well', async () => {
    const { port } = new URL(app.url);
    const headers = {
      host: `evil.example:${port}`,
      origin: `http://evil.example:${port}`,
      'content-type': 'application/json',
    };
    const status = await new Promise((resolve, reject) => {
      request(`${app.url}/trpc/session.create`, { method: 'POST', headers }, (response) =>
        resolve(response.statusCode),
      )
        .on('error', reject)
        .end('{}');
    });
    expect(status).toBe(403);
  });

  it('from our own page or from a script passes', async () => {
    const browser = await signedIn();
    const { port } = new URL(app.url);
    for (const headers of [
      {},
      { origin: app.url },
      { origin: `http://localhost:${port}` },
      { origin: app.url, 'sec-fetch-site': 'same-origin' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
    ] as Record<string, string>[]) {
      const response = await browser.post('/trpc/session.create', conversation(), headers);
      expect([response.status, JSON.stringify(headers)]).toEqual([200, JSON.stringify(headers)]);
    }
  });

  it('is JSON or nothing', async () => {
    const browser = await signedIn();
    const form = new FormData();
    form.set('id', newSessionId());
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const body of [form, new URLSearchParams({ id: newSessionId() }), JSON.stringify(conversation())]) {
      const response = await fetch(`${app.url}/trpc/session.create`, {
        method: 'POST',
        body,
        headers: { cookie },
      });
      expect(await failure(response)).toEqual(invalid);
    }
    expect((await (await browser.get('/trpc/session.list')).json()).result.data).toEqual([]);
  });

  it('with malformed JSON, an unknown name or a broken address is told so', async () => {
    const { cookies } = await signedIn();
    const cookie = [...cookies].map((each) => each.join('=')).join('; ');
    const headers = { cookie, 'content-type': 'application/json' };
    const malformed = await fetch(`${app.url}/trpc/session.create`, {
      method: 'POST',
      body: '{"id":',
      headers,
    });
    expect(await failure(malformed)).toEqual(invalid);
    const unknown = await fetch(`${app.url}/trpc/session.burn`, { method: 'POST', body: '{}', headers });
    expect(await failure(unknown)).toEqual({ status: 404, reason: 'NOT_FOUND', retryable: false });
    expect(await failure(await fetch(`${app.url}/trpc/%E0%A4%A`))).toEqual(invalid);
  });

  it('larger than any outbox is TOO_LARGE, and the server lives on', async () => {
    const browser = await signedIn();
    const body = { id: newMessageId(), content: 'x'.repeat(limits.bodyBytes) };
    const response = await browser.post('/trpc/message.send', body);
    expect(await failure(response)).toEqual({ status: 413, reason: 'TOO_LARGE', retryable: false });
    expect((await browser.get('/trpc/me.get')).status).toBe(200);
  });

  it('larger than its procedure has any use for is TOO_LARGE before it is read', async () => {
    const browser = await signedIn();
    const tooLarge = { status: 413, reason: 'TOO_LARGE', retryable: false };
    const padded = (bytes: number) => ({ sessionId: newSessionId(), unknown: 'x'.repeat(bytes) });
    for (const [path, bytes] of [
      ['message.send', limits.smallBodyBytes],
      ['message.react', limits.smallBodyBytes],
      ['session.update', limits.pictureBodyBytes],
      ['me.update', limits.pictureBodyBytes],
      ['outbox.push', limits.bodyBytes],
    ] as const) {
      expect(await failure(await browser.post(`/trpc/${path}`, padded(bytes))), path).toEqual(tooLarge);
      const fits = await browser.post(`/trpc/${path}`, padded(bytes - 1_000));
      expect(fits.status, path).not.toBe(413);
    }
  });

  it('nested without end, or of too many things, is refused before it is taken apart, and brackets within a text are text', async () => {
    const { cookies } = await signedIn();
    const cookie = [...cookies].map((each) => each.join('=')).join('; ');
    const headers = { cookie, 'content-type': 'application/json' };
    const post = (body: string) => fetch(`${app.url}/trpc/outbox.push`, { method: 'POST', body, headers });
    const refusal = await (await post(`{"mutations":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).json();
    expect([refusal.error.data.reason, refusal.error.message]).toEqual([
      'INVALID_INPUT',
      'The body is nested more than 64 levels deep.',
    ]);
    const manyKeys = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, n]));
    const tooMany = await post(JSON.stringify({ mutations: [], manyKeys }));
    expect(await failure(tooMany)).toEqual({ status: 413, reason: 'TOO_LARGE', retryable: false });
    const text = JSON.stringify({ mutations: [], note: `"\\${'[{'.repeat(100)}` });
    expect((await post(text)).status).toBe(200);
    const sideBySide = JSON.stringify({ mutations: [], lists: Array.from({ length: 100 }, () => [{}]) });
    expect((await post(sideBySide)).status).toBe(200);
  });

  it('by the wrong method is INVALID_INPUT, with the status of that', async () => {
    const browser = await signedIn();
    const input = encodeURIComponent(JSON.stringify(conversation()));
    expect(await failure(await browser.get(`/trpc/session.create?input=${input}`))).toEqual(invalid);
    expect(await failure(await browser.post('/trpc/session.list', {}))).toEqual(invalid);
  });

  it('that names somebody with the NUL character is refused where people sign up', async () => {
    const response = await app.browser().post('/api/auth/sign-up/email', {
      ...{ email: 'nul@example.org', password: 'a long password', name: 'A\0da' },
    });
    expect([response.status, (await response.json()).reason]).toEqual([400, 'INVALID_INPUT']);
  });

  it('over the limit is told when to come back', async () => {
    const strict = await serveApp({
      prisma: world.database.prisma,
      router: world.router,
      limits: createLimits({ enabled: true }),
    });
    const browser = strict.browser();
    let response = await browser.post('/api/auth/sign-in/email', {
      email: 'ada@example.org',
      password: 'guess',
    });
    for (let tries = 1; tries <= 10; tries += 1) {
      expect(response.status).toBe(401);
      response = await browser.post('/api/auth/sign-in/email', {
        email: 'Ada@example.org',
        password: `guess ${tries}`,
      });
    }
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({
      reason: 'RATE_LIMITED',
      retryable: true,
      retryAfterMs: expect.any(Number),
      message: expect.stringMatching(/Try again in \d+ (seconds?|minutes)\.$/),
    });
    const other = await browser.post('/api/auth/sign-in/email', {
      email: 'obi@example.org',
      password: 'guess',
    });
    expect(other.status).toBe(401);
    await strict.close();
  });
});

it.each([
  '/trpc/events.subscribe',
  '/trpc/events.subscribe/',
  '/trpc/events%2Esubscribe',
  '/trpc/%65vents.subscribe?input=%7B%7D',
  '/trpc//events.subscribe',
  '/trpc/any/events.subscribe',
])('the event stream is ours, which counts its readers and waits for none, also as %s', async (path) => {
  const browser = await signedIn();
  const response = await browser.get(path, { accept: 'text/event-stream' });
  expect(await response.json()).toEqual({ stream: 'ours' });
});

it('refuses sign-in from a page of another site', async () => {
  for (const path of ['sign-in/anonymous', 'sign-in/email', 'sign-up/email', 'sign-out']) {
    const response = await app.browser().post(`/api/auth/${path}`, {}, { origin: 'https://evil.example' });
    expect([path, response.status, (await response.json()).reason]).toEqual([path, 403, 'FORBIDDEN']);
    expect(response.headers.getSetCookie()).toEqual([]);
  }
});

describe('operators', () => {
  it('learn that it lives, is ready, and which version it is', async () => {
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    const version = await (await fetch(`${app.url}/version`)).json();
    expect(version).toEqual({ name: 'j-star-chat', version: '0.0.0', commit: 'none' });
    missing = 'The database does not answer.';
    const response = await fetch(`${app.url}/readyz`);
    missing = null;
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'unready', reason: 'The database does not answer.' },
    ]);
  });

  it('see it drain: it lives, is not ready, and begins nothing new', async () => {
    const browser = await signedIn();
    isDraining = true;
    try {
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
      const response = await browser.post('/trpc/session.create', conversation());
      expect(response.headers.get('connection')).toBe('close');
      expect(await failure(response)).toEqual({ status: 503, reason: 'UNAVAILABLE', retryable: true });
    } finally {
      isDraining = false;
    }
  });

  it('read metrics on this machine or with the token, never through a proxy without', async () => {
    const metrics = await fetch(`${app.url}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain('http_requests_total{area="trpc"');
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    for (const [headers, status] of [
      [proxied, 403],
      [{ 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }, 403],
      [{ ...proxied, authorization: 'Bearer wrong' }, 403],
      [{ ...proxied, authorization: 'Bearer a-token-for-metrics' }, 200],
    ] as [Record<string, string>, number][]) {
      expect((await fetch(`${app.url}/metrics`, { headers })).status).toBe(status);
    }
  });

  it('find in the log which request failed how, and nothing that anybody wrote', async () => {
    const browser = await signedIn();
    await browser.get(`/trpc/message.search?input=${encodeURIComponent('{"query":"my secret topic"}')}`);
    await browser.get('/join/an-invitation-token');
    await browser.post('/api/auth/sign-in/email', {
      email: 'ada@example.org',
      password: 'my secret password',
    });
    const refusal = await browser.post('/trpc/session.create', { title: 'my secret title' });
    const requestId = refusal.headers.get('x-request-id');
    const lines = () => app.logged.filter((line) => line.msg === 'request');
    await expect
      .poll(() => lines().find((line) => line.requestId === requestId))
      .toMatchObject({
        method: 'POST',
        path: '/trpc/session.create',
        status: 400,
        ms: expect.any(Number),
      });
    const everything = JSON.stringify(app.logged);
    for (const secret of ['secret', 'an-invitation-token', ...browser.cookies.values()]) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('a page', () => {
  it('runs only its own scripts, is framed by nobody, and is not kept', async () => {
    const response = await fetch(app.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, nonce = 'none'] = /nonce="([^"]+)"/.exec(await response.text()) ?? [];
    expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('strict-transport-security')).toBeNull();
    const again = await fetch(app.url);
    expect(await again.text()).not.toContain(nonce);
  });

  it('keeps hashed files for ever, asks for the service worker anew, and gets no HTML for a file that is gone', async () => {
    const asset = await fetch(`${app.url}/assets/entry-abc.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const worker = await fetch(`${app.url}/sw.js`);
    expect([worker.status, worker.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    const gone = await fetch(`${app.url}/assets/entry-old.js`);
    expect([gone.status, gone.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
  });
});

it('answers unknown paths of the API with JSON', async () => {
  const response = await fetch(`${app.url}/api/nonsense`);
  expect([response.status, await response.json()]).toEqual([
    404,
    { success: false, error: 'There is nothing here.', reason: 'NOT_FOUND', retryable: false },
  ]);
});
