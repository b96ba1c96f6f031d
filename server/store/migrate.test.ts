import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEmptyDatabase } from '../../tests/support/database.ts';
import { type Migration, migrate } from './migrate.ts';

let database: { url: string; drop(): Promise<void> };
let clients: pg.Client[];

beforeEach(async () => {
  database = await createEmptyDatabase();
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(database.url);
  await client.connect();
  clients.push(client);
  return client;
}

const people: Migration = { name: '1_people', sql: 'CREATE TABLE people (name text)', checksum: 'a' };
const pets: Migration = {
  name: '2_pets',
  sql: 'CREATE TABLE pets (name text); SELECT pg_sleep(0.2);',
  checksum: 'b',
};
const broken: Migration = {
  name: '3_broken',
  sql: 'CREATE TABLE half (name text); SELECT 1/0;',
  checksum: 'c',
};
const quietly = () => {};

it('applies what is missing, once, and tells each step', async () => {
  const client = await connect();
  const steps: string[] = [];
  expect(await migrate(client, [people], quietly)).toEqual(['1_people']);
  expect(await migrate(client, [people, pets], (step) => steps.push(step))).toEqual(['2_pets']);
  expect(await migrate(client, [people, pets], quietly)).toEqual([]);
  expect(steps).toEqual(['Applying migration 2_pets']);
});

it('writes the history as Prisma’s own CLI reads it', async () => {
  const client = await connect();
  await migrate(client, [people], quietly);
  const { rows } = await client.query('SELECT * FROM "_prisma_migrations"');
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: 'a',
      migration_name: '1_people',
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    },
  ]);
});

it('is done by one of several nodes that start at once; the others wait and find it done', async () => {
  const nodes = await Promise.all([connect(), connect(), connect()]);
  const applied = await Promise.all(nodes.map((node) => migrate(node, [people, pets], quietly)));
  expect(applied.flat().sort()).toEqual(['1_people', '2_pets']);
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
});

it('undoes all of a migration that fails, and can be tried again', async () => {
  const client = await connect();
  await expect(migrate(client, [people, broken], quietly)).rejects.toThrow(
    'Migration 3_broken failed and was rolled back',
  );
  expect(
    (await client.query(`SELECT to_regclass('people') AS people, to_regclass('half') AS half`)).rows,
  ).toEqual([{ people: 'people', half: null }]);
  const mended = { ...broken, sql: 'CREATE TABLE half (name text)' };
  expect(await migrate(client, [people, mended], quietly)).toEqual(['3_broken']);
});

it('stops when a migration was changed after it had been applied', async () => {
  const client = await connect();
  await migrate(client, [people], quietly);
  const changed = { ...people, checksum: 'other' };
  await expect(migrate(client, [changed, pets], quietly)).rejects.toThrow(
    'prisma/migrations/1_people/migration.sql is not what was applied to this database: restore that file.',
  );
  expect((await client.query(`SELECT to_regclass('pets') AS pets`)).rows).toEqual([{ pets: null }]);
});

it('stops an older version on a newer database', async () => {
  const client = await connect();
  await migrate(client, [people, pets], quietly);
  await expect(migrate(client, [people], quietly)).rejects.toThrow(
    'The database has migration 2_pets, which this version does not know: start the newer version.',
  );
});

it('stops when another tool left a migration unfinished', async () => {
  const client = await connect();
  await migrate(client, [people], quietly);
  await client.query('UPDATE "_prisma_migrations" SET finished_at = NULL');
  await expect(migrate(client, [people], quietly)).rejects.toThrow(
    /1_people began in this database and never finished/,
  );
});
