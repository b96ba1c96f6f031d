import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttachmentId,
  type MessageId,
  newAttachmentId,
  newMessageId,
  newMutationId,
  type SessionId,
} from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { ChatMessage } from '../../protocol/shapes.ts';
import type { Account } from '../../server/domain/account.ts';
import { beginAttachment } from '../../server/domain/begin-attachment.ts';
import { deleteAccount } from '../../server/domain/delete-account.ts';
import { imagesOf, readAttachment } from '../../server/domain/read-attachment.ts';
import { sweepAttachments } from '../../server/domain/sweep-attachments.ts';
import { createExportDomain } from '../../server/http/export-domain.ts';
import { png } from '../support/pictures.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let ada: Account;
let ben: Account;
let cleo: Account;
/** Ada wrote to Ben here, with a picture and a note. */
let messageId: MessageId;
let picture: AttachmentId;
let here: SessionId;
/** Ben's with Cleo. */
let there: SessionId;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

beforeEach(async () => {
  [ada, ben, cleo] = [await world.person('Ada'), await world.person('Ben'), await world.person('Cleo')];
  here = await world.conversation(ada, [ben]);
  there = await world.conversation(ben, [cleo]);
  picture = await upload(ada, here, 'field.png', 'image/png', await png());
  const note = await upload(ada, here, 'note.txt', 'text/plain', Buffer.from('Dear diary'));
  messageId = newMessageId();
  await world
    .as(ada)
    .message.send({ id: messageId, sessionId: here, content: '', attachmentIds: [picture, note] });
});

async function upload(who: Account, sessionId: SessionId, name: string, type: string, bytes: Uint8Array) {
  const id = newAttachmentId();
  await beginAttachment(world.domain, who, { id, sessionId, name, type, bytes: bytes.length });
  await writeFile(world.domain.uploads.incoming(id), bytes);
  await world.as(who).attachment.finish({ id });
  return id;
}

const forward = (who: Account, to: SessionId, id = newMessageId(), of = messageId) =>
  world.as(who).message.forward({ id, messageId: of, sessionId: to });
const remove = (who: Account, id: MessageId) =>
  world.as(who).message.delete({ mutationId: newMutationId(), messageId: id });
const last = async (who: Account, sessionId: SessionId) => {
  const message = (await world.as(who).message.list({ sessionId })).messages.at(-1);
  if (!message) throw new Error('nothing was said');
  return message;
};
const read = async (who: Account, id: string) =>
  readFile((await readAttachment(world.domain, who, id as AttachmentId, 'whole')).path);
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error) => error.cause?.reason ?? error.reason,
  );
const bytesHere = () => readdirSync(join(world.domain.uploads.incomingDir, '..', 'kept')).length;

describe('a message with files that is forwarded', () => {
  it('brings them along, without a second copy of their bytes, once for each id (invariant 2)', async () => {
    const before = bytesHere();
    const id = newMessageId();
    const sent = await forward(ben, there, id);
    expect(await forward(ben, there, id)).toEqual({ ...sent, duplicate: true });
    expect(bytesHere()).toBe(before);
    const { attachments, ...message } = await last(cleo, there);
    expect(message).toMatchObject({ id, forwarded: true, content: '', userId: ben.userId });
    expect(attachments.map(({ name, mimeType }) => [name, mimeType])).toEqual([
      ['field.png', 'image/png'],
      ['note.txt', 'text/plain'],
    ]);
    const [image, note] = attachments;
    expect(String(await read(cleo, note?.id ?? ''))).toBe('Dear diary');
    expect(await read(cleo, image?.id ?? '')).toEqual(await read(ada, picture));
    const small = await readAttachment(world.domain, cleo, image?.id as AttachmentId, 'thumbnail');
    expect(existsSync(small.path)).toBe(true);
    // For a model that can see, in an export, and by their names in a search, too.
    expect((await imagesOf(world.domain, [id])).get(id)).toHaveLength(1);
    expect(await createExportDomain(world.domain).fileOf(note?.id ?? '')).not.toBeNull();
    const { hits } = await world.as(cleo).message.search({ query: 'note.txt' });
    expect(hits.map((hit) => hit.message.id)).toEqual([id]);
  });

  it('is the same in its event and in the list (invariant 10)', async () => {
    const { seq } = await forward(ben, there);
    const event = await world.database.prisma.chatEvent.findFirstOrThrow({
      where: { sessionId: there, seq },
    });
    const { message } = event.payload as { message: unknown }; // as it was written
    expect(ChatMessage.parse(message)).toEqual(await last(ben, there));
  });

  it('is seen by who is where it went, and the original by nobody else than before', async () => {
    await forward(ben, there);
    const { attachments } = await last(ben, there);
    const copy = attachments[0]?.id ?? '';
    expect(await reasonOf(read(ada, copy))).toBe('NOT_FOUND');
    expect(await reasonOf(read(cleo, picture))).toBe('NOT_FOUND');
    const eve = await world.person('Eve');
    expect(await reasonOf(forward(eve, await world.conversation(eve)))).toBe('NOT_FOUND');
  });

  it.each([
    ['original', 'copy'],
    ['copy', 'original'],
  ])('keeps its bytes when the %s is deleted, until the %s is too', async (first) => {
    const before = bytesHere();
    const id = newMessageId();
    await forward(ben, there, id);
    const { attachments } = await last(ben, there);
    const [one, other]: [() => Promise<unknown>, () => Promise<unknown>] = [
      () => remove(ada, messageId),
      () => remove(ben, id),
    ];
    await (first === 'original' ? one() : other());
    await sweepAttachments(world.domain);
    const still =
      first === 'original' ? await read(cleo, attachments[1]?.id ?? '') : await read(ben, picture);
    expect(still.length).toBeGreaterThan(0);
    expect(bytesHere()).toBe(before);
    await (first === 'original' ? other() : one());
    expect(bytesHere()).toBe(before - 3); // a picture, its small one, and a note
  });

  it('can be forwarded on from there, and outlives the account that had it first', async () => {
    const id = newMessageId();
    await forward(ben, there, id);
    const onwards = await world.conversation(cleo);
    await forward(cleo, onwards, newMessageId(), id);
    await remove(ben, id);
    await remove(ada, messageId);
    await deleteAccount(world.domain, ada, { confirm: 'delete my account' });
    await sweepAttachments(world.domain);
    const [, note] = (await last(cleo, onwards)).attachments;
    expect(String(await read(cleo, note?.id ?? ''))).toBe('Dear diary');
    const before = bytesHere();
    await deleteAccount(world.domain, cleo, { confirm: 'delete my account' });
    expect(bytesHere()).toBe(before - 3);
  });

  it('counts for whoever forwards it, and is refused when their share is used up', async () => {
    await world.database.prisma.attachment.create({
      data: {
        id: newAttachmentId(),
        ownerId: ben.userId,
        sessionId: there,
        name: 'huge.bin',
        declaredType: '',
        bytes: limits.attachmentBytesPerPerson - 5,
        announced: 1,
      },
    });
    expect(await reasonOf(forward(ben, there))).toBe('TOO_LARGE');
    expect((await world.as(ben).message.list({ sessionId: there })).messages).toEqual([]);
  });
});
