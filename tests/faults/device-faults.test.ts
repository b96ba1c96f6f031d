import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TURN_FROZEN_MS } from '../../app/uploads/uploader.ts';
import {
  newAttachmentId,
  newMessageId,
  newMutationId,
  newSessionId,
  type SessionId,
} from '../../protocol/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';
import { calm } from './chaos-proxy.ts';
import { Device } from './device.ts';
import { newPerson, type Person, truthOf } from './person.ts';
import { createRandom } from './random.ts';

let database: TestDatabase;
let product: Product;
const devices: Device[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  product = await startProduct({ env: { DATABASE_URL: database.url } });
}, 90_000);
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const device of devices.splice(0)) await device.stop();
});
afterAll(async () => {
  await product.stop();
  await database.drop();
});

const within = { timeout: 20_000 };

async function open(person: Person, patienceMs?: number): Promise<Device> {
  const device = await Device.start('phone', person, product.url, createRandom(1), patienceMs);
  devices.push(device);
  await eventually(() => expect(device.client.connection.get().kind).toBe('live'), within);
  return device;
}

async function conversation(owner: Person, others: Person[] = []): Promise<SessionId> {
  const id = newSessionId();
  const memberIds = others.map((other) => other.me.id);
  await truthOf(product.url, owner).session.create.mutate({ id, memberIds, withAgent: false });
  return id;
}

const holds = (device: Device, sessionId: SessionId) =>
  eventually(async () => expect(await device.client.db.getSession(sessionId)).not.toBeNull(), within);

const write = (device: Device, sessionId: SessionId, content: string, tab = 0) =>
  device.tabs[tab]?.outbox.enqueue('message.send', { id: newMessageId(), sessionId, content });

const onServer = async (person: Person, sessionId: SessionId) =>
  (await truthOf(product.url, person).message.list.query({ sessionId })).messages.map((m) => m.content);

const unsent = async (device: Device) => (await device.client.outboxCounts()).waiting;

describe.each([2, 8])('%i tabs of one device', (tabs) => {
  it('drain one outbox with one effect (invariant 20)', async () => {
    const ada = await newPerson(product.url);
    const sessionId = await conversation(ada);
    const device = await open(ada);
    while (device.tabs.length < tabs) await device.open();
    await holds(device, sessionId);
    const texts = Array.from({ length: tabs * 3 }, (_, i) => `from tab ${i % tabs}, number ${i}`);
    for (const [i, text] of texts.entries()) await write(device, sessionId, text, i % tabs);
    await eventually(async () => expect(await unsent(device)).toBe(0), within);
    expect(await onServer(ada, sessionId)).toEqual(texts);
    for (const tab of device.tabs)
      await eventually(() => expect(tab.connection.get().kind).toBe('live'), within);
  }, 60_000);
});

it('keeps what was stored when all its tabs are killed before the acknowledgement came (invariants 2 and 5)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  // The server does as asked, and its answer never comes.
  device.proxy.weather = { ...calm, hang: 1 };
  await write(device, sessionId, 'Once');
  await eventually(async () => expect(await onServer(ada, sessionId)).toEqual(['Once']), within);
  await device.kill();
  device.proxy.weather = calm;
  await device.open();
  await eventually(async () => expect(await unsent(device)).toBe(0), within);
  expect(await onServer(ada, sessionId)).toEqual(['Once']);
}, 60_000);

it('sends files also while another tab was frozen as it brought some up (invariants 5 and 20)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  let thaw = () => {};
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  const other = navigator.locks.request(`${device.client.db.storage}:uploads`, () => frozen);
  const taken = vi.fn();
  other.catch(taken);
  const file = {
    id: newAttachmentId(),
    name: 'a.txt',
    type: 'text/plain',
    content: new Blob(['Chapter one']),
  };
  const looks = { width: null, height: null, preview: null };
  const message = { id: newMessageId(), sessionId, content: 'with a file' };
  await device.client.files.send(message, [{ ...file, ...looks }], { sessionId });
  await eventually(async () => {
    vi.advanceTimersByTime(TURN_FROZEN_MS);
    expect(await onServer(ada, sessionId)).toEqual(['with a file']);
  }, within);
  expect(taken).toHaveBeenCalledOnce();
  vi.useRealTimers();
  thaw();
}, 60_000);

it('shows a message as the server has it after a change to it was refused, also when asking for it failed (invariant 7)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  await write(device, sessionId, 'Words');
  await eventually(async () => expect(await unsent(device)).toBe(0), within);
  const server = truthOf(product.url, ada);
  const { messages } = await server.message.list.query({ sessionId });
  const messageId = messages[0]?.id ?? newMessageId();
  device.proxy.weather = { ...calm, dropRequest: 1 };
  device.proxy.cut();
  await device.client.outbox.enqueue('message.edit', { messageId, content: 'Better words' });
  await server.message.delete.mutate({ mutationId: newMutationId(), messageId });
  device.proxy.edit = (path, answer) => (path.includes('message.thread') ? '<html>' : answer);
  device.proxy.weather = calm;
  device.client.reconnectNow();
  device.client.outbox.resume();
  await eventually(async () => expect((await device.client.outboxCounts()).refused).toBe(1), within);
  device.proxy.edit = null;
  const [deleted] = (await server.message.list.query({ sessionId })).messages;
  await eventually(
    async () => expect(await device.client.db.getMessage(messageId)).toMatchObject({ ...deleted }),
    within,
  );
}, 60_000);

it('says so when storage is full, and has then stored nothing of it (invariant 19)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  });
  await expect(write(device, sessionId, 'No room')).rejects.toThrow('could not store');
  expect(full).toHaveBeenCalled();
  full.mockRestore();
  expect([await unsent(device), await device.client.db.listMessages(sessionId, { limit: 10 })]).toEqual([
    0,
    [],
  ]);
  await write(device, sessionId, 'Room again');
  await eventually(async () => expect(await onServer(ada, sessionId)).toEqual(['Room again']), within);
}, 60_000);

it('notices a planted gap and an altered row, and mends both within one sync (M2, invariant 7)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  for (let i = 0; i < 6; i += 1) await write(device, sessionId, `${i}`);
  await eventually(async () => expect(await unsent(device)).toBe(0), within);
  const { db } = device.client;
  const rows = () => db.listMessages(sessionId, { limit: 10 });
  await eventually(async () => expect((await db.getSession(sessionId))?.lastSeq).toBe(7), within);
  const before = await rows();
  await db.write('relaxed', async (tx) => {
    await tx.objectStore('messages').delete(before[2]?.id ?? '');
    await tx.objectStore('messages').put({ ...before[4], content: 'Never said' });
  });
  expect((await rows()).map((row) => row.content)).toEqual(['0', '1', '3', 'Never said', '5']);
  expect(await device.client.verify(sessionId)).toBeGreaterThan(0);
  expect(await rows()).toEqual(before);
  expect(await device.client.verify(sessionId)).toBe(0);
}, 60_000);

it('makes a copy anew after its database was deleted', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await write(device, sessionId, 'Still known to the server');
  await eventually(async () => expect(await unsent(device)).toBe(0), within);
  await device.forget();
  await device.open();
  await eventually(async () => {
    const rows = await device.client.db.listMessages(sessionId, { limit: 10 });
    expect(rows.map((row) => row.content)).toEqual(['Still known to the server']);
  }, within);
}, 60_000);

it('tells that messages have reached it, also those that came with a snapshot (rows S5, M9)', async () => {
  const [ada, ben] = [await newPerson(product.url), await newPerson(product.url)];
  const sessionId = await conversation(ada, [ben]);
  const server = truthOf(product.url, ada);
  await server.message.send.mutate({
    id: newMessageId(),
    sessionId,
    content: 'While Ben had no device',
  });
  const bens = await open(ben);
  await holds(bens, sessionId);
  await eventually(async () => {
    const { members, lastSeq } = await server.session.get.query({ sessionId });
    expect(members.find((member) => member.userId === ben.me.id)?.deliveredSeq).toBe(lastSeq);
  }, within);
}, 60_000);

it('tells what was being written when its page went away before it had told anybody (row B9)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada);
  await holds(device, sessionId);
  await device.client.saveDraft({ sessionId }, 'Half a sentence');
  await device.kill();
  await device.open();
  const drafts = async () => (await truthOf(product.url, ada).sync.snapshot.query()).drafts;
  await eventually(
    async () => expect(await drafts()).toEqual([expect.objectContaining({ content: 'Half a sentence' })]),
    within,
  );
}, 60_000);

it('sends nothing of one account as another that signed in on the same device (invariants 25 and 26)', async () => {
  const [ada, ben] = [await newPerson(product.url), await newPerson(product.url)];
  const sessionId = await conversation(ada, [ben]);
  const device = await open(ada);
  await holds(device, sessionId);
  device.proxy.weather = { ...calm, dropRequest: 1 };
  await write(device, sessionId, 'By Ada alone');
  // Somebody else signs in: the browser's cookie is Ben's from now on.
  const adas = ada.cookie;
  ada.cookie = ben.cookie;
  device.proxy.weather = calm;
  device.client.outbox.resume();
  await eventually(() => expect(device.client.connection.get().kind).toBe('signed-out'), within);
  expect([await unsent(device), await onServer(ben, sessionId)]).toEqual([1, []]);
  ada.cookie = adas;
  device.client.reconnectNow();
  device.client.outbox.resume();
  await eventually(async () => expect(await unsent(device)).toBe(0), within);
  const { messages } = await truthOf(product.url, ben).message.list.query({ sessionId });
  expect(messages.map((m) => [m.userId, m.content])).toEqual([[ada.me.id, 'By Ada alone']]);
}, 60_000);

it('brings nothing that was said after a removal to whoever was away meanwhile (invariant 24)', async () => {
  const [ada, ben] = [await newPerson(product.url), await newPerson(product.url)];
  const sessionId = await conversation(ada, [ben]);
  const device = await open(ben);
  await holds(device, sessionId);
  await device.kill();
  const adas = truthOf(product.url, ada);
  await adas.message.send.mutate({ id: newMessageId(), sessionId, content: 'Before' });
  await adas.session.removeMember.mutate({
    mutationId: newMutationId(),
    sessionId,
    userId: ben.me.id,
  });
  await adas.message.send.mutate({ id: newMessageId(), sessionId, content: 'After' });
  await device.open();
  await eventually(
    async () => expect(await device.client.db.getSession(sessionId)).toMatchObject({ left: true }),
    within,
  );
  const rows = await device.client.db.listMessages(sessionId, { limit: 10 });
  expect(rows.map((row) => row.content)).toEqual(['Before']);
}, 60_000);

it('gets everything across with 2 s round trips, 50 kbit/s and bytes one by one (row C6)', async () => {
  const ada = await newPerson(product.url);
  const sessionId = await conversation(ada);
  const device = await open(ada, 30_000);
  await holds(device, sessionId);
  device.proxy.weather = { ...calm, roundTripMs: 2_000, bytesPerSecond: 6_250, dribble: 1 };
  device.proxy.cut();
  const texts = Array.from({ length: 5 }, (_, i) => `slow ${i}`);
  for (const text of texts) await write(device, sessionId, text);
  await eventually(async () => expect(await unsent(device)).toBe(0), { timeout: 40_000 });
  expect(await onServer(ada, sessionId)).toEqual(texts);
  await truthOf(product.url, ada).message.send.mutate({ id: newMessageId(), sessionId, content: 'And back' });
  await eventually(
    async () => {
      const rows = await device.client.db.listMessages(sessionId, { limit: 10 });
      expect(rows.map((row) => [row.content, row.local])).toEqual(
        [...texts, 'And back'].map((text) => [text, null]),
      );
    },
    { timeout: 40_000 },
  );
}, 90_000);
