import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';
import { schemaDiff } from './schema-diff.ts';

const schema = readFileSync(fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url)), 'utf8');

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('finds nothing between the migrations and prisma/schema.prisma', async () => {
  expect(await schemaDiff({ url: test.url, schema })).toBe('');
});

it('finds a column that no migration adds', async () => {
  const wider = schema.replace('model Project {', 'model Project {\n  colour String?');
  expect(await schemaDiff({ url: test.url, schema: wider })).toContain(
    'ALTER TABLE "Project" ADD COLUMN     "colour" TEXT',
  );
});
