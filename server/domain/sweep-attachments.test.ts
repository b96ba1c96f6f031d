import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AttachmentId, newAttachmentId, type SessionId } from '../../protocol/ids.ts';
import { createWorld, type World } from '../../tests/support/world.ts';
import type { Account } from './account.ts';
import { beginAttachment } from './begin-attachment.ts';
import { deleteAccount } from './delete-account.ts';
import type { DomainDeps } from './deps.ts';
import { countStrangeFiles, sweepAttachments } from './sweep-attachments.ts';

let world: World;
/** Another node, whose DATABASE_URL names an empty database, on the files of the first. */
let elsewhere: World;
let astray: DomainDeps;
let ada: Account;
let sessionId: SessionId;
beforeEach(async () => {
  [world, elsewhere] = await Promise.all([createWorld(), createWorld()]);
  astray = { ...elsewhere.domain, uploads: world.domain.uploads };
  ada = await world.person('Ada');
  sessionId = await world.conversation(ada, [await world.person('Ben')]);
});
afterEach(async () => {
  for (const node of [world, elsewhere]) {
    expect(node.errors).toEqual([]);
    await node.close();
  }
});

async function upload(who: Account, domain = world.domain, to = sessionId): Promise<AttachmentId> {
  const bytes = Buffer.from('Dear diary');
  const id = newAttachmentId();
  await beginAttachment(domain, who, {
    id,
    sessionId: to,
    name: 'note.txt',
    type: 'text/plain',
    bytes: bytes.length,
  });
  await writeFile(domain.uploads.incoming(id), bytes);
  return id;
}

const filesHere = async () => [...(await world.domain.uploads.list())].sort();

it('touches no file that its database knows nothing of, as where DATABASE_URL is wrong', async () => {
  const ids = [await upload(ada), await upload(ada)].sort();
  expect(await countStrangeFiles(world.domain)).toBe(0);
  // People use that one too, and delete there.
  const eve = await elsewhere.person('Eve');
  const there = await elsewhere.conversation(eve);
  const kept = await upload(eve, astray, there);
  const deleted = await upload(eve, astray, there);
  await elsewhere.database.prisma.attachment.delete({ where: { id: deleted } });
  expect(await sweepAttachments(astray, new Date(Date.now() + 3_600_000))).toBe(1);
  expect(await filesHere()).toEqual([...ids, kept].sort());
  expect([await countStrangeFiles(astray), await countStrangeFiles(world.domain)]).toEqual([2, 1]);
});

it('touches no file that came after the backup from which the database was restored', async () => {
  const id = await upload(ada);
  await world.database.pool.query('CREATE TABLE backup AS SELECT * FROM "Attachment"');
  const later = await upload(ada);
  // What pg_restore into an empty database leaves: the rows of then, and nothing that was deleted since.
  await world.database.pool.query(
    'DELETE FROM "Attachment"; DELETE FROM "GoneBytes"; INSERT INTO "Attachment" SELECT * FROM backup',
  );
  expect(await sweepAttachments(world.domain)).toBe(0);
  expect(await filesHere()).toEqual([id, later].sort());
  expect(await countStrangeFiles(world.domain)).toBe(1);
});

it.each(['alone', 'with its message', 'with its conversation'])(
  'removes bytes whose row went %s at a moment in which the server died',
  async (how) => {
    const { prisma } = world.database;
    const [stays, id] = [await upload(ada, world.domain, await world.conversation(ada)), await upload(ada)];
    const { id: messageId } = await world.say(ada, sessionId, 'See what I wrote');
    await prisma.attachment.update({ where: { id }, data: { messageId } });
    if (how === 'alone') await prisma.attachment.delete({ where: { id } });
    else if (how === 'with its message') await prisma.chatMessage.delete({ where: { id: messageId } });
    else await prisma.chatSession.delete({ where: { id: sessionId } });
    expect(await sweepAttachments(world.domain)).toBe(1);
    expect(await filesHere()).toEqual([stays]);
  },
);

it('removes what was deleted since from a directory of files that was restored alone', async () => {
  const id = await upload(ada);
  await deleteAccount(world.domain, ada, { confirm: 'delete my account' });
  expect(await filesHere()).toEqual([]);
  await writeFile(world.domain.uploads.kept(id), 'Dear diary');
  expect(await sweepAttachments(world.domain)).toBe(1);
  expect(await filesHere()).toEqual([]);
});

it('keeps what is begun anew under the id of a file that went', async () => {
  const id = await upload(ada);
  await world.database.prisma.attachment.delete({ where: { id } });
  const [bytes, name, type] = [10, 'note.txt', 'text/plain'];
  await beginAttachment(world.domain, ada, { id, sessionId, name, type, bytes });
  expect(await sweepAttachments(world.domain)).toBe(0);
  expect(await filesHere()).toEqual([id]);
});
