import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMutationId, newPictureId, newSessionId, type PictureId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { readPicture } from '../../server/domain/pictures.ts';
import { toFailure } from '../../server/trpc/error-shape.ts';
import { listen } from '../support/listen.ts';
import { photo } from '../support/pictures.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const id = () => newMutationId();
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => toFailure(error.cause ?? error).reason,
  );

const taken = async () => ({ id: newPictureId(), data: (await photo(400, 300)).toString('base64') });

const see = (who: Account, picture: PictureId) => readPicture(world.domain, who, picture);

async function group() {
  const [ada, ben, eve] = [await world.person('Ada'), await world.person('Ben'), await world.person('Eve')];
  const sessionId = newSessionId();
  await world.as(ada).session.create({
    id: sessionId,
    memberIds: [ben.userId],
    isGroupChat: true,
    withAgent: false,
  });
  return { ada, ben, eve, sessionId };
}

describe('a picture of oneself', () => {
  it('is packed anew as a square, told to all who share a conversation, and shown to nobody else', async () => {
    const { ada, ben, eve, sessionId } = await group();
    const device = await listen(world, ben);
    const picture = await taken();
    const change = { mutationId: id(), picture };
    expect((await world.as(ada).me.update(change)).picture).toBe(picture.id);
    expect((await world.as(ada).me.update(change)).picture).toBe(picture.id);

    const bytes = Buffer.from(await see(ben, picture.id));
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    expect(await see(ada, picture.id)).toHaveLength(bytes.length);
    expect(await reasonOf(see(eve, picture.id))).toBe('NOT_FOUND');
    const pictureOf = (session: { members: { userId: string; picture?: string | null | undefined }[] }) =>
      session.members.find((member) => member.userId === ada.userId)?.picture;
    expect(pictureOf(await world.as(ben).session.get({ sessionId }))).toBe(picture.id);
    const { event } = await device.until((one) => one.type === 'session.updated');
    expect(event.type === 'session.updated' && pictureOf({ members: event.changes.members ?? [] })).toBe(
      picture.id,
    );
    await device.close();
  });

  it('goes with the next one, on one’s own devices that were away too (invariant 10)', async () => {
    const { ada, ben } = await group();
    const [first, second] = [await taken(), await taken()];
    await world.as(ada).me.update({ picture: first });
    const { cursor } = await world.as(ada).sync.snapshot();
    await world.as(ada).me.update({ picture: second });
    expect(await reasonOf(see(ben, first.id))).toBe('NOT_FOUND');
    const device = await listen(world, ada, cursor);
    const { event } = await device.until((one) => one.type === 'me.updated');
    expect(event).toEqual({ type: 'me.updated', me: await world.as(ada).me.get() });
    expect(await world.as(ada).me.get()).toMatchObject({ picture: second.id });
    await device.close();
    await world.as(ada).me.update({ picture: null });
    expect(await reasonOf(see(ada, second.id))).toBe('NOT_FOUND');
  });

  it('is no picture of somebody else’s, and nothing that is none; then all stays as it was', async () => {
    const { ada, ben } = await group();
    const picture = await taken();
    await world.as(ada).me.update({ picture });
    expect(await reasonOf(world.as(ben).me.update({ picture: { ...(await taken()), id: picture.id } }))).toBe(
      'ID_REUSED',
    );
    const words = { id: newPictureId(), data: Buffer.from('no picture').toString('base64') };
    expect(await reasonOf(world.as(ada).me.update({ picture: words, name: 'Other' }))).toBe('INVALID_INPUT');
    expect(await reasonOf(world.as(ada).me.update({ picture: { ...words, data: '%%%' } }))).toBe(
      'INVALID_INPUT',
    );
    expect(await world.as(ada).me.get()).toMatchObject({ name: 'Ada', picture: picture.id });
  });

  it('goes with the account', async () => {
    const { ada, ben } = await group();
    const picture = await taken();
    await world.as(ada).me.update({ picture });
    await world.as(ada).me.delete({ confirm: 'delete my account' });
    expect(await reasonOf(see(ben, picture.id))).toBe('NOT_FOUND');
    expect(await world.database.prisma.picture.count({ where: { id: picture.id } })).toBe(0);
  });
});

describe('a picture of a group', () => {
  it('is set by an owner alone, and seen by its members alone', async () => {
    const { ada, ben, eve, sessionId } = await group();
    const picture = await taken();
    const change = { mutationId: id(), sessionId, picture };
    expect(await reasonOf(world.as(ben).session.update(change))).toBe('FORBIDDEN');
    expect(await reasonOf(world.as(eve).session.update({ ...change, mutationId: id() }))).toBe('NOT_FOUND');
    expect((await world.as(ada).session.update(change)).picture).toBe(picture.id);
    expect((await world.as(ada).session.update(change)).duplicate).toBe(true);
    expect((await world.as(ben).sync.snapshot()).sessions).toMatchObject([{ picture: picture.id }]);
    expect(await see(ben, picture.id)).not.toHaveLength(0);
    expect(await reasonOf(see(eve, picture.id))).toBe('NOT_FOUND');
    await world.as(ada).session.removeMember({ mutationId: id(), sessionId, userId: ben.userId });
    expect(await reasonOf(see(ben, picture.id))).toBe('NOT_FOUND');
    await world.as(ada).session.update({ mutationId: id(), sessionId, picture: null });
    expect((await world.as(ada).session.get({ sessionId })).picture).toBeNull();
  });

  it('is none of a conversation between two', async () => {
    const { ada, ben } = await group();
    const sessionId = await world.conversation(ada, [ben]);
    const change = { mutationId: id(), sessionId, picture: await taken() };
    expect(await reasonOf(world.as(ada).session.update(change))).toBe('CONFLICT');
  });
});
