// @vitest-environment node
// Its blobs can be stored; those of a made-up page cannot.
import { afterEach, expect, it, vi } from 'vitest';
import { newAttachmentId, newMessageId, newMutationId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { FileDb, type UploadRow } from '../local-db/file-db.ts';
import type { OutboxEntry } from '../local-db/rows.ts';
import { Uploader } from './uploader.ts';

afterEach(() => void vi.useRealTimers());

it('brings up what waits, also where the server never answers to what was given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const account = newUserId();
  const files = new FileDb(account);
  const sessionId = newSessionId();
  const row = (createdAt: string): UploadRow => ({
    id: newAttachmentId(),
    messageId: newMessageId(),
    sessionId,
    name: 'a.txt',
    type: 'text/plain',
    content: new Blob(['ten bytes!']),
    state: 'waiting',
    begun: createdAt < '2026',
    createdAt,
  });
  const [givenUp, waiting] = [row('2025-01-01T00:00:00.000Z'), row('2026-11-24T09:30:00.000Z')];
  await files.addUploads([givenUp, waiting]);
  const entry = {
    state: 'queued',
    op: 'message.send',
    mutationId: newMutationId(),
    input: { id: waiting.messageId, sessionId, content: '', attachmentIds: [waiting.id] },
  } as unknown as OutboxEntry; // what is looked at
  const asked: string[] = [];
  const finish = vi.fn(async () => {});
  const uploader = new Uploader({
    files,
    storage: account,
    account,
    fetch: async (_input, init) => {
      asked.push(init?.method ?? '');
      if (init?.method === 'DELETE') return new Promise(() => {});
      return new Response(null, {
        status: 201,
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '10' },
      });
    },
    exclusive: (_name, work) => work(),
    listOutbox: async () => [entry],
    finish,
    failureOf: () => null,
    onReady: () => {},
    onRefused: async () => {},
    onProgress: () => {},
  });
  const run = uploader.run();

  await eventually(() => expect(asked).toEqual(['DELETE']));
  await vi.advanceTimersByTimeAsync(60_000);
  await eventually(() => expect(finish).toHaveBeenCalledWith(waiting.id));
  await run;
  uploader.close();
  await files.close();
});
