import { setImmediate as nextTurn } from 'node:timers/promises';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newPictureId, newSessionId, UserId } from '../../protocol/ids.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { photo } from '../../tests/support/pictures.ts';
import { type ServedApp, serveApp } from '../../tests/support/served-app.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import type { Account } from '../domain/account.ts';
import type { ExportedConversation } from '../domain/export-conversations.ts';
import { createExportDomain } from './export-domain.ts';

let world: World;
let app: ServedApp;

beforeAll(async () => {
  world = await createWorld();
  const { database, domain, router } = world;
  app = await serveApp({ prisma: database.prisma, router, exports: createExportDomain(domain) });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

it('hands over everything of the asking account and nothing of anybody else, to read and as JSON', async () => {
  const browser = app.browser();
  const ada = { ...(await world.person()), userId: UserId.parse((await browser.guest()).id) } as Account;
  const ben = await world.person('Ben <script>');
  const shared = await world.conversation(ben);
  await world.as(ben).message.send({ id: newMessageId(), sessionId: shared, content: 'before Ada came' });
  const { token } = await world.as(ben).session.invite({ sessionId: shared });
  await world.as(ada).session.join({ token });
  await world.as(ben).message.send({ id: newMessageId(), sessionId: shared, content: '<b>welcome</b>' });
  const own = newSessionId();
  await world.as(ada).session.create({ id: own, title: 'Only mine', withAgent: false });
  await world.conversation(ben);
  const picture = { id: newPictureId(), data: (await photo()).toString('base64') };
  await world.as(ada).me.update({ picture });

  const response = await browser.get('/api/export');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  expect(Object.keys(files).sort()).toEqual(
    [
      'account.json',
      'index.html',
      'picture.webp',
      ...[own, shared].flatMap((id) => [`conversations/${id}.html`, `conversations/${id}.json`]),
    ].sort(),
  );
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  expect(JSON.parse(text('account.json')).me.id).toBe(ada.userId);
  const { messages } = JSON.parse(text(`conversations/${shared}.json`));
  expect(messages.map((message: { content: string }) => message.content)).toEqual(['<b>welcome</b>']);
  const page = text(`conversations/${shared}.html`);
  expect(page).toContain('&lt;b&gt;welcome&lt;/b&gt;');
  expect(page).toContain('Ben &lt;script&gt;');
  expect(page).not.toContain('before Ada came');
  expect(text('index.html')).toContain(`href="conversations/${own}.html"`);
});

it('asks who is there', async () => {
  const response = await app.browser().get('/api/export');
  expect([response.status, (await response.json()).reason]).toEqual([401, 'UNAUTHENTICATED']);
});

describe('a download that does not end well', () => {
  /** Serves what `conversations` makes of somebody's first conversation. */
  async function served(
    conversations: (first: ExportedConversation) => AsyncGenerator<ExportedConversation>,
  ) {
    const { database, domain, router } = world;
    const exports = createExportDomain(domain);
    const broken = await serveApp({
      prisma: database.prisma,
      router,
      exports: {
        ...exports,
        async *conversations(account) {
          for await (const first of exports.conversations(account)) yield* conversations(first);
        },
      },
    });
    const browser = broken.browser();
    const ada = { ...(await world.person()), userId: UserId.parse((await browser.guest()).id) } as Account;
    await world.conversation(ada);
    return { browser, logged: broken.logged, close: broken.close };
  }

  it('is logged once where the database broke it off, and does not look whole', async () => {
    const { browser, logged, close } = await served(async function* (first) {
      yield first;
      throw Object.assign(new Error('no connection of the pool'), { code: 'P2024X' });
    });
    const download = browser.get('/api/export').then((response) => response.arrayBuffer());
    await expect(download).rejects.toThrow();
    await eventually(() =>
      expect(logged.filter(({ msg }) => msg === 'a request failed')).toMatchObject([
        { err: { message: 'no connection of the pool' } },
      ]),
    );
    await close();
  });

  it('is read no further once the person has gone, and is no failure', async () => {
    let reads = 0;
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const { browser, logged, close } = await served(async function* (first) {
      try {
        for (;;) {
          reads += 1;
          yield first;
          await nextTurn();
        }
      } finally {
        end();
      }
    });
    const response = await browser.get('/api/export');
    await response.body?.cancel();
    await ended;
    expect(reads).toBeGreaterThan(0);
    expect(logged.filter(({ msg }) => msg === 'a request failed')).toEqual([]);
    await close();
  });
});
