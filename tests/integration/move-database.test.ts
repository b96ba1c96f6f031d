import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newMessageId } from '../../protocol/ids.ts';
import { grantRole } from '../../server/domain/grant-role.ts';
import { exportDatabase } from '../../server/store/copy/export.ts';
import { importDatabase } from '../../server/store/copy/import.ts';
import { newEpoch } from '../../server/store/epoch.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let target: TestDatabase;
let home: string;
let directory: string;
beforeEach(async () => {
  [world, target] = await Promise.all([createWorld(), createTestDatabase()]);
  home = mkdtempSync(join(tmpdir(), 'jstar-export-'));
  directory = join(home, 'export');
});
afterEach(async () => {
  await world.close();
  await target.drop();
  rmSync(home, { recursive: true });
});

const out = () => world.database.withPatientClient((client) => exportDatabase(client, directory));
const into = () => target.database.withPatientClient((client) => importDatabase(client, directory));

/** Text of all kinds, a thread, reactions and marks. */
async function talk() {
  const [ada, ben] = [await world.person('Ada "Łada" \\ \u2028'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  let parentId: ReturnType<typeof newMessageId> | undefined;
  for (const content of ['Line\nbreak', 'ünïcode 👩🏽‍🎓', '{"json": [1]}', "it's", '\\.']) {
    const { id } = await world.as(ada).message.send({ id: newMessageId(), sessionId, content, parentId });
    parentId = id;
  }
  await world.as(ben).receipt.mark({ sessionId, deliveredSeq: 4, readSeq: 3 });
  return { ada, ben, sessionId };
}

it('moves everything to another server, and changes the epoch', async () => {
  const { ada, sessionId } = await talk();
  const before = await world.as(ada).sync.snapshot({});
  const manifest = await out();
  expect(manifest.tables.find(({ name }) => name === 'ChatMessage')?.rows).toBe(5);
  await into();
  const there = await createWorld({ databaseUrl: target.url });
  try {
    const after = await there.as(ada).sync.snapshot({});
    expect({ ...after, cursor: '', presence: [] }).toEqual({ ...before, cursor: '', presence: [] });
    expect(there.hub.epoch).not.toBe(world.hub.epoch);
    // A device that knew the old database starts anew (invariant 9), and writing goes on without a hole.
    const device = await listen(there, ada, before.cursor);
    expect(device.heard.map(({ event }) => event.type)).toContain('resync');
    const { lastSeq } = await there.as(ada).session.get({ sessionId });
    const { seq } = await there
      .as(ada)
      .message.send({ id: newMessageId(), sessionId, content: 'on the new server' });
    expect(seq).toBe(lastSeq + 1);
  } finally {
    await there.close();
  }
});

it('imports into an empty database only, and changes nothing in another', async () => {
  await talk();
  await out();
  await target.database.prisma.user.create({
    data: { id: 'somebody', name: 'Somebody', email: 's@example.test' },
  });
  await expect(into()).rejects.toThrow(/^The database is not empty \("User" has 1 rows\)/);
  expect(await target.database.prisma.user.count()).toBe(2);
});

it('notices an export that was damaged or made by another release, and changes nothing', async () => {
  await talk();
  await out();
  const file = join(directory, 'ChatMessage.ndjson.gz');
  const intact = readFileSync(file);
  writeFileSync(file, gzipSync(gunzipSync(intact).toString().replace("it's", 'it is')));
  await expect(into()).rejects.toThrow(/^"ChatMessage" would not be what was exported/);
  expect(await target.database.prisma.chatMessage.count()).toBe(0);
  expect(await target.database.prisma.user.count()).toBe(1);
  writeFileSync(file, intact);
  const path = join(directory, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(
    path,
    JSON.stringify({ ...manifest, migrations: [...manifest.migrations, '30000101000000_later'] }),
  );
  await expect(into()).rejects.toThrow(/^This export was made by another release/);
  writeFileSync(path, '{');
  await expect(into()).rejects.toThrow(/holds no finished export/);
  await expect(out()).rejects.toThrow(/is not empty: an export takes a new directory/);
});

it.each([
  ['cut short', (file: string) => truncateSync(file, 60)],
  ['gone', (file: string) => rmSync(file)],
  ['no longer compressed', (file: string) => writeFileSync(file, 'lines')],
  ['not made of rows', (file: string) => writeFileSync(file, gzipSync('lines\n'))],
])('says which file of an export is %s, and changes nothing', async (_what, harm) => {
  await talk();
  await out();
  harm(join(directory, 'ChatMessage.ndjson.gz'));
  await expect(into()).rejects.toThrow(/ChatMessage\.ndjson\.gz can't be read .*Nothing was changed\.$/);
  expect(await target.database.prisma.user.count()).toBe(1);
});

it('gives a restored database a new epoch, so that no cursor from before is served (invariant 9)', async () => {
  const { ada } = await talk();
  const { cursor } = await world.as(ada).sync.snapshot({});
  await world.database.withPatientClient(newEpoch);
  const restored = await createWorld({ databaseUrl: await urlOf(world) });
  const device = await listen(restored, ada, cursor);
  expect(device.heard.map(({ event }) => event.type)).toContain('resync');
  await restored.close();
});

it('gives the first administrator their role, and tells their devices', async () => {
  const ada = await world.person('Ada');
  const email = `${ada.userId}@example.test`;
  await expect(grantRole(world.domain, email, 'admin')).rejects.toThrow(/^Nobody has signed up as/);
  await world.database.prisma.authAccount.create({
    data: {
      id: 'a',
      accountId: ada.userId,
      providerId: 'credential',
      userId: ada.userId,
      updatedAt: new Date(),
    },
  });
  const device = await listen(world, ada);
  await grantRole(world.domain, email.toUpperCase(), 'admin');
  await device.until((event) => event.type === 'me.updated' && event.me.role === 'admin');
});

async function urlOf({ database }: World): Promise<string> {
  const { rows } = await database.pool.query('SELECT current_database() AS name');
  const url = new URL(target.url);
  url.pathname = `/${rows[0].name}`;
  return url.href;
}
