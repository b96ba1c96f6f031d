import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import { newAttachmentId, newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { withoutRoom } from '../support/no-room.ts';

it('remembers how far a file came also where there is no room to write it down, and writes it down once there is', async () => {
  const storage = newUserId();
  const files = new FileDb(storage);
  const id = newAttachmentId();
  const row = { id, messageId: newMessageId(), sessionId: newSessionId(), name: 'a.bin', type: '' };
  const state = { state: 'waiting' as const, begun: false, createdAt: '2026-11-25T08:00:00.000Z' };
  await files.addUploads([{ ...row, ...state, content: new Blob(['abc']) }]);
  await withoutRoom(() => files.markUpload(id, { begun: true }));
  expect(await files.uploads()).toMatchObject([{ id, begun: true, state: 'waiting' }]);
  await files.markUpload(id, { state: 'ready' });
  await files.close();
  const later = new FileDb(storage);
  expect(await later.uploads()).toMatchObject([{ id, begun: true, state: 'ready' }]);
  await later.close();
});
