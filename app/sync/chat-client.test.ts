import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newAttachmentId, newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { Me, Settings } from '../../protocol/shapes.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { ChatClient } from './chat-client.ts';

const sessionId = newSessionId();
let me: Me;
let clients: ChatClient[];
/** Ids of the messages in each push that arrived. */
let pushes: string[][];

/** A server that says that nobody is signed in: until something asks again, nothing is tried again (invariant 25). */
const signedOut: typeof fetch = async (input, init) => {
  const { pathname } = new URL(String(input), 'http://localhost');
  if (pathname === '/trpc/outbox.push') {
    const { mutations } = JSON.parse(String(init?.body)) as { mutations: { input: { id: string } }[] };
    pushes.push(mutations.map((mutation) => mutation.input.id));
  }
  const data = { reason: 'UNAUTHENTICATED', retryable: false };
  return Response.json({ error: { message: 'Sign in first.', code: -32001, data } }, { status: 401 });
};

async function openClient(): Promise<ChatClient> {
  const client = await ChatClient.open(me, { serverUrl: 'http://localhost', fetch: signedOut });
  clients.push(client);
  return client;
}

/** Stored here, told to nobody: its first try was refused, and the outbox waits. */
async function waitingMessage(client: ChatClient) {
  const id = newMessageId();
  await client.outbox.enqueue('message.send', { id, sessionId, content: 'Waits' });
  await eventually(() => expect(pushes).toEqual([[id]]));
  await eventually(() => expect(client.outbox.isSending).toBe(false));
  pushes.length = 0;
  return id;
}

const visible = (state: DocumentVisibilityState) =>
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);

beforeEach(() => {
  me = Me.parse({
    ...{ id: newUserId(), name: 'Ada', email: null, isGuest: true, role: 'student' },
    settings: Settings.parse({}),
  });
  clients = [];
  pushes = [];
});
afterEach(async () => {
  for (const client of clients) await client.stop();
  vi.restoreAllMocks();
});

it('a tab that opens with what it read of oneself before keeps what another tab has stored since (invariant 7)', async () => {
  const first = await openClient();
  const newer = { ...me, name: 'Ada Lovelace' };
  await first.db.saveMe(newer);
  const second = await openClient();
  expect([await second.db.getMe(), second.me.get()]).toEqual([newer, newer]);
  // An answer of the server that is older than what is stored now.
  await second.db.saveMe(me, me);
  expect(await second.db.getMe()).toEqual(newer);
});

it('a tab shows what another one stored of oneself between its opening and its start', async () => {
  const first = await openClient();
  const second = await openClient();
  const newer = { ...me, name: 'Ada Lovelace' };
  await first.db.saveMe(newer);
  second.start();
  await eventually(() => expect(second.me.get()).toEqual(newer));
});

describe('what waits is tried (invariant 23)', () => {
  it('when the app opens', async () => {
    const before = await openClient();
    const id = await waitingMessage(before);
    await before.stop();
    clients = [];
    const client = await openClient();
    expect(pushes).toEqual([]);
    client.start();
    await eventually(() => expect(pushes).toEqual([[id]]));
  });

  it.each([
    ['when the network is back', () => window.dispatchEvent(new Event('online'))],
    ['when its page comes back', () => window.dispatchEvent(new Event('pageshow'))],
    ['when its page is looked at', () => document.dispatchEvent(new Event('visibilitychange'))],
  ])('%s, and not while nobody looks', async (_, happen) => {
    const client = await openClient();
    const id = await waitingMessage(client);
    client.start();
    const hidden = visible('hidden');
    happen();
    expect(client.outbox.isSending).toBe(false);
    hidden.mockRestore();
    visible('visible');
    happen();
    await eventually(() => expect(pushes).toEqual([[id]]));
  });
});

describe('signing out on a shared phone (invariant 26)', () => {
  it('leaves nothing of the account here: no message, no word that waits, no file, without a network', async () => {
    const client = await openClient();
    await waitingMessage(client);
    const file = { name: 'a.txt', type: 'text/plain', content: new Blob(['secret']) };
    const chosen = { id: newAttachmentId(), ...file, width: null, height: null, preview: null };
    const place = { sessionId };
    await client.saveDraft(place, 'Half a thought');
    await client.files.send({ id: newMessageId(), sessionId, content: 'With a file' }, [chosen], place);
    const mine = async () => (await indexedDB.databases()).filter(({ name }) => name?.includes(me.id));
    expect(await mine()).toHaveLength(2);
    await client.wipe();
    clients = [];
    expect(await mine()).toEqual([]);
  });
});
