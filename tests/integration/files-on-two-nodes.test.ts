import { open, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newAttachmentId } from '../../protocol/ids.ts';
import type { DomainDeps } from '../../server/domain/deps.ts';
import { finishAttachment } from '../../server/domain/finish-attachment.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { photo } from '../support/pictures.ts';
import { createWorld, type World } from '../support/world.ts';

let database: TestDatabase;
let nodes: World[];
/** Of two nodes with one directory of files, as docs/operations.md asks for. */
let domains: DomainDeps[];
beforeEach(async () => {
  database = await createTestDatabase();
  nodes = [];
  for (const nodeId of ['one', 'two']) nodes.push(await createWorld({ databaseUrl: database.url, nodeId }));
  const uploads = nodes[0]?.domain.uploads;
  if (!uploads) throw new Error('There are two nodes');
  domains = nodes.map(({ domain }) => ({ ...domain, uploads }));
});
afterEach(async () => {
  for (const node of nodes) await node.close();
  await database.drop();
});

it.each(['a picture', 'a text'])(
  '%s that two nodes are asked to finish at once is looked at by one of them, and stays (invariant 2)',
  async (kind) => {
    const [one] = nodes;
    const [domain] = domains;
    if (!one || !domain) throw new Error('There are two nodes');
    const ada = await one.person('Ada');
    const sessionId = await one.conversation(ada);
    const isPicture = kind === 'a picture';
    const bytes = isPicture ? await photo(1_200, 900) : Buffer.from('Words, and some more. '.repeat(9_000));
    const name = isPicture ? 'photo.jpg' : 'words.txt';
    const declaredType = isPicture ? 'image/jpeg' : 'text/plain';
    for (let round = 0; round < 5; round += 1) {
      const id = newAttachmentId();
      await one.database.prisma.attachment.create({
        data: { id, ownerId: ada.userId, sessionId, name, declaredType, announced: bytes.length, bytes: 0 },
      });
      await writeFile(domain.uploads.incoming(id), bytes);
      const finish = (deps: DomainDeps) => finishAttachment(deps, ada, id);
      const answers = await Promise.allSettled(domains.map(finish));
      // Whoever comes second is to come again, as with every answer that can be tried again.
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ reason: 'UNAVAILABLE' });
      const [first, second] = [await finish(domains[0] ?? domain), await finish(domains[1] ?? domain)];
      expect(second).toEqual(first);
      expect((await readFile(domain.uploads.kept(id))).length).toBe(first.bytes);
    }
  },
);

it('a file that was looked at is handed out as it was then, whatever a request that is still open on another node writes (invariant 6)', async () => {
  const [one] = nodes;
  const [domain] = domains;
  if (!one || !domain) throw new Error('There are two nodes');
  const ada = await one.person('Ada');
  const sessionId = await one.conversation(ada);
  const bytes = Buffer.from('Words, and some more. '.repeat(9));
  const id = newAttachmentId();
  await one.database.prisma.attachment.create({
    data: {
      id,
      ownerId: ada.userId,
      sessionId,
      name: 'words.txt',
      declaredType: 'text/plain',
      announced: bytes.length,
      bytes: 0,
    },
  });
  await writeFile(domain.uploads.incoming(id), bytes);
  // As the other node holds it for a piece of which nothing has come yet.
  const piece = await open(domain.uploads.incoming(id), 'r+');
  await finishAttachment(domain, ada, id);
  await piece.write(Buffer.from('MZ, a program'), 0, null, 0);
  await piece.close();
  expect((await readFile(domain.uploads.kept(id))).equals(bytes)).toBe(true);
});
