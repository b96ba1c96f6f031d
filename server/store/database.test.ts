import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { openDatabase } from './database.ts';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.drop());

const epochs = async () => (await test.database.prisma.logHead.findMany()).map(({ epoch }) => epoch);

it('is the same database to the next node that opens it', async () => {
  const before = await epochs();
  const other = await openDatabase({ url: test.url, dataDir: '', onProgress: () => {} });
  await other.close();
  expect(await epochs()).toEqual(before);
  expect(await test.database.prisma.user.count({ where: { id: 'ai-agent' } })).toBe(1);
});

it('goes on when the server drops its idle connections', async () => {
  const onConnectionLost = vi.fn();
  const other = await openDatabase({ url: test.url, dataDir: '', onProgress: () => {}, onConnectionLost });
  await other.prisma.user.count();
  await test.database.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await eventually(() => expect(onConnectionLost).toHaveBeenCalled());
  expect(await other.prisma.user.count()).toBe(1);
  await other.close();
});

it('can be closed twice', async () => {
  const other = await openDatabase({ url: test.url, dataDir: '', onProgress: () => {} });
  await Promise.all([other.close(), other.close()]);
});

it('says which server does not answer, without its password', async () => {
  const failure = openDatabase({
    url: 'postgresql://jay:hunter2@127.0.0.1:1/chat',
    dataDir: '',
    onProgress: () => {},
  });
  await expect(failure).rejects.toThrow(
    /^The database \(PostgreSQL at 127\.0\.0\.1:1\/chat\) can't be used \(.*ECONNREFUSED.*\): check DATABASE_URL and that server\.$/,
  );
});
