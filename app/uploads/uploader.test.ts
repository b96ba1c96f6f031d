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

it('gives the lock back after each turn, so that a frozen tab is told from a busy one, and goes on where it stopped', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const account = newUserId();
  const files = new FileDb(account);
  const [id, messageId, sessionId] = [newAttachmentId(), newMessageId(), newSessionId()];
  const content = new Blob([new Uint8Array(500_000)]);
  const createdAt = new Date().toISOString();
  const state = { state: 'waiting' as const, begun: false, createdAt };
  await files.addUploads([{ id, messageId, sessionId, name: 'a.bin', type: '', content, ...state }]);
  const asked: string[] = [];
  const progress: (number | null)[] = [];
  let offset = 0;
  const uploader = new Uploader({
    files,
    storage: account,
    account,
    fetch: async (_input, init) => {
      asked.push(init?.method ?? '');
      if (init?.body instanceof Blob) {
        offset += init.body.size;
        // Half a turn for each piece.
        vi.setSystemTime(Date.now() + 11_000);
      }
      const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Offset': `${offset}` };
      return new Response(null, { status: 200, headers });
    },
    exclusive: (_name, work) => {
      asked.push('lock');
      return work();
    },
    listOutbox: async () => [
      {
        state: 'queued',
        op: 'message.send',
        mutationId: newMutationId(),
        input: { id: messageId, sessionId, content: '', attachmentIds: [id] },
      } as unknown as OutboxEntry, // what is looked at
    ],
    finish: async () => asked.push('finish'),
    failureOf: () => null,
    onReady: () => {},
    onRefused: async () => {},
    onProgress: (_id, sent) => progress.push(sent),
  });
  await uploader.run();
  const turns = asked
    .join(' ')
    .split('lock')
    .map((turn) => turn.trim());
  expect(turns.slice(0, 3)).toEqual(['', 'POST PATCH', 'HEAD PATCH PATCH']);
  expect(turns.at(-1)).toMatch(/finish$/);
  // What is shown of it does not come and go with the turns.
  expect(progress.indexOf(null)).toBe(progress.length - 1);
  expect((await files.uploads())[0]?.state).toBe('ready');
  uploader.close();
  await files.close();
});
