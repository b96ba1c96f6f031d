import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttachmentId, newAttachmentId } from '../../protocol/ids.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import type { Account } from './account.ts';
import { neededBytes } from './stored-bytes.ts';

/** More than one statement takes as parameters of their own. */
const MANY = 33_000;

let world: World;
let ada: Account;
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada');
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const row = (id: AttachmentId, bytesId: AttachmentId | null) => ({
  id,
  bytesId,
  ownerId: ada.userId,
  name: 'a.bin',
  declaredType: '',
  bytes: 1,
  announced: 1,
});

it('knows which bytes are still needed among any number of them', async () => {
  const ids = Array.from({ length: MANY }, newAttachmentId);
  const [own = newAttachmentId(), original = newAttachmentId(), forwarded = newAttachmentId()] = ids;
  await world.database.prisma.attachment.createMany({
    data: [row(own, null), row(newAttachmentId(), original), row(forwarded, newAttachmentId())],
  });
  expect(await neededBytes(world.domain, ids)).toEqual(new Set([own, original]));
});
