import 'fake-indexeddb/auto';
import { afterEach, expect, it, vi } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import { newAttachmentId, newUserId } from '../../protocol/ids.ts';
import { withoutRoom } from '../support/no-room.ts';

const DAY_MS = 24 * 3_600_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('shows a file that is held here also on a device that has no room to note it', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const files = new FileDb(newUserId());
  const id = newAttachmentId();
  await files.hold(id, new Blob(['abc']));
  vi.setSystemTime(Date.now() + 2 * DAY_MS);
  const held = await withoutRoom(() => files.held(id));
  expect(await held?.text()).toBe('abc');
  await files.close();
});

it('writes a file anew to note that it was shown once a day at most', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const files = new FileDb(newUserId());
  const id = newAttachmentId();
  await files.hold(id, new Blob(['abc']));
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  for (let look = 0; look < 3; look += 1) await files.held(id);
  expect(put).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 2 * DAY_MS);
  for (let look = 0; look < 3; look += 1) await files.held(id);
  expect(put).toHaveBeenCalledOnce();
  await files.close();
});
