import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import type { OutboxEntry } from '../../app/local-db/rows.ts';
import { Uploader } from '../../app/uploads/uploader.ts';
import { newAttachmentId, newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { eventually } from '../support/eventually.ts';

it('brings up what is chosen while the lock of the last pass is being given back (invariant 5)', async () => {
  const account = newUserId();
  const files = new FileDb(`asked meanwhile ${account}`);
  const entries: OutboxEntry[] = [];
  const finished: string[] = [];
  let giveBack = () => {};
  let run = () => {};
  const workDone = new Promise<void>((isDone) => {
    const uploader = new Uploader({
      files,
      storage: account,
      account,
      fetch: async (_address, init) => {
        // A whole file goes up in one piece here.
        const size = init?.body instanceof Blob ? init.body.size : 0;
        return new Response(null, {
          status: 201,
          headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': `${size}` },
        });
      },
      exclusive: async (_name, work) => {
        await work();
        await new Promise<void>((resolve) => {
          giveBack = resolve;
          isDone();
        });
      },
      listOutbox: async () => entries,
      finish: async (id) => void finished.push(id),
      failureOf: () => null,
      onReady: () => {},
      onRefused: () => Promise.reject(new Error('Nothing is refused here.')),
      onProgress: () => {},
    });
    run = () => void uploader.run();
    run();
  });
  await workDone;
  const [id, messageId, sessionId] = [newAttachmentId(), newMessageId(), newSessionId()];
  const content = new Blob(['Chapter one']);
  const createdAt = new Date().toISOString();
  await files.addUploads([
    {
      id,
      messageId,
      sessionId,
      name: 'a.txt',
      type: 'text/plain',
      content,
      state: 'waiting',
      begun: false,
      createdAt,
    },
  ]);
  // Only what the uploader looks at.
  entries.push({
    op: 'message.send',
    state: 'queued',
    input: { id: messageId, attachmentIds: [id] },
  } as unknown as OutboxEntry);
  run();
  giveBack();
  await eventually(() => expect(finished).toEqual([id]));
  await files.close();
});
