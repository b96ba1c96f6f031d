import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { FileDb } from '../../app/local-db/file-db.ts';
import { LocalDb } from '../../app/local-db/local-db.ts';
import { deleteLocalDb } from '../../app/local-db/schema.ts';
import { newUserId } from '../../protocol/ids.ts';

const onDevice = async () => (await indexedDB.databases()).map(({ name }) => name);

it('keeps no file that comes after the account left this device in another tab (invariant 26)', async () => {
  const db = await LocalDb.open(newUserId());
  const open = new FileDb(db.storage, () => db.condition === 'wiped');
  const unopened = new FileDb(db.storage, () => db.condition === 'wiped');
  await open.hold('before', new Blob(['seen']));
  await deleteLocalDb(db.storage);
  await FileDb.delete(db.storage);
  for (const files of [open, unopened]) {
    await files.hold('after', new Blob(['was on its way']));
    await expect(files.uploads()).rejects.toThrow();
  }
  expect(await onDevice()).toEqual([]);
  await db.close();
});
