import 'fake-indexeddb/auto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import type { OutboxEntry } from '../../app/local-db/rows.ts';
import { failureOf } from '../../app/trpc/client.ts';
import { Uploader } from '../../app/uploads/uploader.ts';
import { newAttachmentId, newMessageId, newMutationId, newSessionId } from '../../protocol/ids.ts';
import { createAttachmentDomain } from '../../server/http/attachment-domain.ts';
import { callsOf, newPerson, truthOf } from '../faults/person.ts';
import { eventually } from '../support/eventually.ts';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let app: ServedApp;
beforeAll(async () => {
  world = await createWorld();
  app = await serveApp({
    prisma: world.database.prisma,
    router: world.router,
    attachments: createAttachmentDomain(world.domain),
  });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

it('a file arrives whole also when a tab that was frozen goes on with it beside the one that took over (invariants 5 and 20)', async () => {
  const ada = await newPerson(app.url);
  const server = truthOf(app.url, ada);
  const sessionId = newSessionId();
  await server.session.create.mutate({ id: sessionId, memberIds: [], withAgent: false });
  const [id, messageId] = [newAttachmentId(), newMessageId()];
  const content = new Blob([new Uint8Array(2_000_000).map((_, i) => i % 251)]);
  const row = { id, messageId, sessionId, name: 'scan.bin', type: 'application/octet-stream', content };
  const createdAt = new Date().toISOString();
  const files = new FileDb(ada.me.id);
  await files.addUploads([{ ...row, state: 'waiting', begun: false, createdAt }]);
  const entry: Partial<OutboxEntry> = {
    mutationId: newMutationId(),
    op: 'message.send',
    state: 'queued',
    input: { id: messageId, sessionId, content: '', attachmentIds: [id] },
  };
  const { fetch = globalThis.fetch } = callsOf(app.url, () => ada.cookie);
  const refused: unknown[] = [];
  const uploaders = [1, 2].map(
    () =>
      new Uploader({
        files,
        storage: ada.me.id,
        account: ada.me.id,
        serverUrl: app.url,
        fetch,
        // As when the lock was taken from one of them.
        exclusive: (_name, work) => work(),
        listOutbox: async () => [entry as OutboxEntry], // what is looked at
        finish: () => server.attachment.finish.mutate({ id }),
        failureOf,
        onReady: () => {},
        onRefused: async (_id, failure) => void refused.push(failure),
        onProgress: () => {},
      }),
  );
  for (const uploader of uploaders) void uploader.run();
  await eventually(async () => expect((await files.uploads())[0]?.state).toBe('ready'), { timeout: 20_000 });
  for (const uploader of uploaders) await uploader.run();
  expect(refused).toEqual([]);
  await server.message.send.mutate({ id: messageId, sessionId, content: '', attachmentIds: [id] });
  const served = await fetch(`${app.url}/api/attachments/${id}`);
  expect(Buffer.from(await served.arrayBuffer()).equals(Buffer.from(await content.arrayBuffer()))).toBe(true);
  for (const uploader of uploaders) uploader.close();
  await files.close();
});
