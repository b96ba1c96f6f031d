import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import {
  type AttachmentId,
  type MessageId,
  newAttachmentId,
  newMessageId,
  newSessionId,
  type SessionId,
} from '../../protocol/ids.ts';
import { sweepAttachments } from '../../server/domain/sweep-attachments.ts';
import { createAttachmentDomain } from '../../server/http/attachment-domain.ts';
import { Device } from '../faults/device.ts';
import { bytesOf, newPerson, type Person, truthOf } from '../faults/person.ts';
import { createRandom } from '../faults/random.ts';
import { eventually } from '../support/eventually.ts';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let app: ServedApp;
let ada: Person;
let device: Device;
let sessionId: SessionId;
let pushes: number;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    attachments: createAttachmentDomain(world.domain),
  });
});
afterEach(() => device.stop());
afterAll(async () => {
  await app.close();
  await world.close();
});

const content = new Blob([new Uint8Array(300_000).map((_, i) => i % 251)]);
const chosen = (id: AttachmentId) => {
  const looks = { width: null, height: null, preview: null };
  return { id, name: 'scan.bin', type: 'application/octet-stream', content, ...looks };
};

/** Files go up from here, and no message does. */
async function open(): Promise<void> {
  ada = await newPerson(app.url);
  sessionId = newSessionId();
  await truthOf(app.url, ada).session.create.mutate({ id: sessionId, memberIds: [], withAgent: false });
  device = await Device.start('phone', ada, app.url, createRandom(1));
  pushes = 0;
  device.proxy.loses = (_method, path) => path.includes('outbox.push');
}
const goOnline = () => {
  device.proxy.loses = (_method, path) => {
    if (path.includes('outbox.push')) pushes += 1;
    return false;
  };
  device.client.outbox.resume();
};

/** A message that waits while its file is on the server, and then is not any more. */
async function swept(more: { parentId?: MessageId } = {}): Promise<{ id: MessageId; file: AttachmentId }> {
  const [id, file] = [newMessageId(), newAttachmentId()];
  const message = { id, sessionId, content: 'with a file', ...more };
  await device.client.files.send(message, [chosen(file)], { sessionId });
  const files = new FileDb(device.client.db.storage);
  await eventually(async () => expect((await files.uploads())[0]?.state).toBe('ready'));
  await files.close();
  await sweepAttachments(world.domain, new Date(Date.now() + 4 * 24 * 3_600_000));
  expect(await bytesOf(app.url, ada, file)).toBeNull();
  return { id, file };
}

const said = async () => {
  const { messages } = await truthOf(app.url, ada).message.list.query({ sessionId });
  return messages.map((message) => [message.content, message.attachments.map(({ id }) => id)]);
};

describe('a message that waited until the server had cleared its file away', () => {
  it('goes with it all the same, ahead of what was written behind it, and nobody has to press anything (invariants 4 and 5)', async () => {
    await open();
    const { file } = await swept();
    await device.client.outbox.enqueue('message.send', {
      id: newMessageId(),
      sessionId,
      content: 'behind it',
    });
    goOnline();
    await eventually(async () =>
      expect(await said()).toEqual([
        ['with a file', [file]],
        ['behind it', []],
      ]),
    );
    expect(await bytesOf(app.url, ada, file)).toEqual(Buffer.from(await content.arrayBuffer()));
    expect((await device.client.outboxCounts()).refused).toBe(0);
  });

  it('goes with it on a retry where it was refused before (invariant 5)', async () => {
    await open();
    const { id, file } = await swept();
    const refusal = { reason: 'NOT_FOUND', message: 'Upload it first.', retryable: false } as const;
    await device.client.outbox.refuse(id, refusal);
    const [entry] = (await device.client.db.listOutbox()).filter(({ state }) => state === 'failed');
    if (!entry) throw new Error('Nothing was refused');
    goOnline();
    await device.client.outbox.retry(entry.mutationId);
    await eventually(async () => expect(await said()).toEqual([['with a file', [file]]]));
  });

  it('is refused, after one more try, for whatever else is not there (invariant 5)', async () => {
    await open();
    const { id } = await swept({ parentId: newMessageId() });
    goOnline();
    await eventually(async () => expect((await device.client.outboxCounts()).refused).toBe(1));
    expect((await device.client.db.getMessage(id))?.local?.error?.reason).toBe('NOT_FOUND');
    expect(pushes).toBeLessThanOrEqual(3);
  });
});
