import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { AnyRouter } from '@trpc/server';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { createHttpApp, type HttpAppOptions } from '../../server/http/app.ts';
import type { AttachmentDomain } from '../../server/http/attachments.ts';
import { type Auth, createAuth } from '../../server/http/auth.ts';
import type { ExportDomain } from '../../server/http/export-mount.ts';
import { trustedOrigins } from '../../server/http/origin-guard.ts';
import type { PlainChatDomain } from '../../server/http/plain-chat.ts';
import { createLimits } from '../../server/http/rate-limits.ts';
import { createRequestContext } from '../../server/http/request-context.ts';
import type { PrismaClient } from '../../server/store/prisma-types.ts';

/** For tests: the real app on a free port, with a browser's memory for cookies. */
export interface ServedApp {
  /** Without a slash at its end. */
  url: string;
  auth: Auth;
  /** What was logged, parsed. */
  logged: Record<string, unknown>[];
  browser(): Browser;
  close(): Promise<void>;
}

export interface Browser {
  /** Cookies by name. */
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Sends JSON; `undefined` sends no body. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  guest(): Promise<{ id: string; name: string }>;
  session(): Promise<{ user: { id: string; name: string; role: string; isAnonymous: boolean } } | null>;
}

export interface ServedAppOptions extends Partial<HttpAppOptions> {
  prisma: PrismaClient;
  router: AnyRouter;
}

export async function serveApp({ prisma, router, ...overrides }: ServedAppOptions): Promise<ServedApp> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // TCP, so no string
  const url = `http://127.0.0.1:${port}`;
  const place = { publicUrl: overrides.publicUrl ?? url, host: '127.0.0.1', port };
  const { log, logged } = memoryLog();
  const auth = createAuth({
    prisma,
    publicUrl: place.publicUrl,
    trustedOrigins: trustedOrigins(place),
    secret: 'a secret for tests, of more than 32 characters',
    log,
  });
  const app = createHttpApp({
    ...place,
    metricsToken: null,
    version: { name: 'j-star-chat', version: '0.0.0', commit: 'none' },
    log,
    metrics: new Registry(),
    auth,
    limits: createLimits({ enabled: false }),
    router,
    createContext: createRequestContext(auth),
    eventStream: (_request, _response, next) => next(),
    plainChat: nobodyToTalkTo,
    attachments: noFiles,
    exports: nothingToExport,
    readPicture: unexpected,
    readiness: async () => null,
    busComplaint: () => null,
    isDraining: () => false,
    client: null,
    pages: null,
    ...overrides,
  });
  server.on('request', app);
  return {
    url,
    auth,
    logged,
    browser: () => createBrowser(url),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function createBrowser(url: string): Browser {
  const cookies = new Map<string, string>();
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([k, v]) => `${k}=${v}`).join('; '));
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (!name) continue;
      if (value && !/max-age=0/i.test(line)) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  };
  const browser: Browser = {
    cookies,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        ...(body === undefined
          ? { headers }
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
      }),
    async guest() {
      const response = await browser.post('/api/auth/sign-in/anonymous', {});
      if (response.status !== 200) throw new Error(`no guest: ${response.status} ${await response.text()}`);
      return (await response.json()).user;
    },
    session: async () => (await browser.get('/api/auth/get-session')).json(),
  };
  return browser;
}

function memoryLog(): { log: Logger; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  return { log, logged };
}

const unexpected = () => {
  throw new Error('this test talks to nobody');
};
const nothingToExport: ExportDomain = {
  account: unexpected,
  conversations: unexpected,
  picture: unexpected,
  fileOf: unexpected,
};
const nobodyToTalkTo: PlainChatDomain = {
  createSession: unexpected,
  sendMessage: unexpected,
  listMessages: unexpected,
  listSessions: unexpected,
  waitForAnswer: unexpected,
  streamAnswer: unexpected,
};
const noFiles: AttachmentDomain = {
  incomingDir: tmpdir(),
  begin: unexpected,
  requireOwn: unexpected,
  cancel: unexpected,
  read: unexpected,
};
