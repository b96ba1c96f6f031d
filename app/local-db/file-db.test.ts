import { afterEach, expect, it, vi } from 'vitest';
import { newAttachmentId, newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { FileDb } from './file-db.ts';

afterEach(() => vi.restoreAllMocks());

it('writes the files of a message down for good before the message is, and what became of them too (invariant 19)', async () => {
  const files = new FileDb(newUserId());
  const durabilities: unknown[] = [];
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    const [, mode, options] = args;
    if (mode === 'readwrite') durabilities.push(options?.durability);
    return transaction.apply(this, args);
  });
  const id = newAttachmentId();
  const row = { id, messageId: newMessageId(), sessionId: newSessionId(), name: 'a.bin', type: '' };
  const state = { state: 'waiting' as const, begun: false, createdAt: '2026-11-25T08:00:00.000Z' };
  await files.addUploads([{ ...row, ...state, content: new Blob(['abc']) }]);
  await files.markUpload(id, { state: 'ready' });
  expect(durabilities).toEqual(['strict', 'strict']);
  await files.close();
});
