import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { withClient } from '../../tests/support/with-client.ts';
import { openDatabase } from './database.ts';
import { livingNodes, registerNode } from './node-registry.ts';

const open = (url: string) => openDatabase({ url, dataDir: '', onProgress: () => {} });

const run = (url: string, sql: string) => withClient(url, (client) => client.query(sql));

describe('a database that can not be used stops the start with one sentence, and stays as it was', () => {
  let empty: { url: string; drop(): Promise<void> };
  const roles: string[] = [];
  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });
  afterEach(async () => {
    const { url } = empty;
    for (const role of roles.splice(0)) await run(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await empty.drop();
  });

  const tables = async () => {
    const { rows } = await run(
      empty.url,
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    return rows;
  };
  const asRole = async (grants: string) => {
    const role = `role_${Math.random().toString(36).slice(2)}`;
    roles.push(role);
    await run(empty.url, `CREATE ROLE ${role} LOGIN; ${grants.replaceAll('$role', role)}`);
    const url = new URL(empty.url);
    url.username = role;
    return url.href;
  };

  it('one that does not exist', async () => {
    const url = new URL(empty.url);
    url.pathname = '/nowhere';
    await expect(open(url.href)).rejects.toThrow(
      /^The database \(PostgreSQL at .*\/nowhere\) does not exist there: create it/,
    );
  });

  it('one that is read-only, as a standby is', async () => {
    await run(
      empty.url,
      `ALTER DATABASE ${new URL(empty.url).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    await expect(open(empty.url)).rejects.toThrow(/is read-only.*point DATABASE_URL at the primary\.$/);
    expect(await tables()).toEqual([]);
  });

  it('one of a PostgreSQL that is too old', async () => {
    const name = new URL(empty.url).pathname.slice(1);
    // A real one that says so: what stands in front of pg_catalog is found first.
    await run(
      empty.url,
      `CREATE SCHEMA older;
       CREATE FUNCTION older.current_setting(setting text) RETURNS text LANGUAGE sql AS $$
         SELECT CASE setting WHEN 'server_version_num' THEN '140009' WHEN 'server_version' THEN '14.9'
           ELSE pg_catalog.current_setting(setting) END $$;
       ALTER DATABASE ${name} SET search_path = older, pg_catalog, public`,
    );
    await expect(open(empty.url)).rejects.toThrow(
      /^The database \(.*\) is PostgreSQL 14\.9: this version takes 15 or newer\.$/,
    );
    expect(await tables()).toEqual([]);
  });

  it('one where the user may create nothing', async () => {
    const url = await asRole('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    await expect(open(url)).rejects.toThrow(
      /lets "role_\w+" create no tables: GRANT CREATE ON SCHEMA public to that user\.$/,
    );
    expect(await tables()).toEqual([]);
  });

  it('one with tables of another program', async () => {
    await run(empty.url, 'CREATE TABLE "User" (id int)');
    const before = await tables();
    await expect(open(empty.url)).rejects.toThrow(
      /^The database \(.*\) has a table "User" of another program: name an empty database in DATABASE_URL\.$/,
    );
    expect(await tables()).toEqual(before);
  });

  it('one that does not keep text as UTF-8', async () => {
    const name = `ascii_${Math.random().toString(36).slice(2)}`;
    await run(empty.url, `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    const url = new URL(empty.url);
    url.pathname = `/${name}`;
    await expect(open(url.href)).rejects.toThrow(
      /keeps text as SQL_ASCII.*create one with ENCODING 'UTF8'\.$/,
    );
    await run(empty.url, `DROP DATABASE ${name}`);
  });

  it('one whose address holds a user that is badly spelled', async () => {
    const url = new URL(empty.url);
    await expect(open(url.href.replace('//', '//jst%ZZar:x@').replace(/@[^@/]*@/, '@'))).rejects.toThrow(
      /^The database \(.*\) .*DATABASE_URL.*\.$/,
    );
  });

  it('one whose tables belong to somebody else', async () => {
    await (await open(empty.url)).close();
    const url = await asRole('GRANT CREATE ON SCHEMA public TO $role');
    await expect(open(url)).rejects.toThrow(
      /lets "role_\w+" not read and write "\w+": start as the user who owns/,
    );
  });

  it('one of whose tables a single one was forgotten when rights were given', async () => {
    await (await open(empty.url)).close();
    const url = await asRole(
      `GRANT CREATE ON SCHEMA public TO $role; GRANT ALL ON ALL TABLES IN SCHEMA public TO $role;
       REVOKE UPDATE ON "AgentTurn" FROM $role`,
    );
    await expect(open(url)).rejects.toThrow(/lets "role_\w+" not read and write "AgentTurn": start as/);
    await run(empty.url, `GRANT UPDATE ON "AgentTurn" TO ${new URL(url).username}`);
    await (await open(url)).close();
  });
});

describe('nodes that share a database', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await createTestDatabase();
  });
  afterEach(() => test.drop());
  const node = (id: string, more: object = {}) => ({
    id,
    release: '0.1.0+abc',
    schema: test.database.schema,
    secretMark: 'same',
    ...more,
  });
  const fail = (error: unknown) => {
    throw error;
  };
  const callbacks = { onError: fail, onOutdated: fail };

  it('know each other, and one that leaves is gone', async () => {
    const { pool } = test.database;
    const one = await registerNode(pool, node('one'), callbacks);
    const two = await registerNode(pool, node('two'), callbacks);
    expect([one.others, two.others.map(({ id }) => id)]).toEqual([[], ['one']]);
    await two.leave();
    expect(await livingNodes(pool, 'one')).toEqual([]);
    await one.leave();
  });

  it('must have one AUTH_SECRET', async () => {
    const { pool } = test.database;
    const one = await registerNode(pool, node('one'), callbacks);
    await expect(registerNode(pool, node('two', { secretMark: 'other' }), callbacks)).rejects.toThrow(
      /^AUTH_SECRET differs/,
    );
    expect(await livingNodes(pool, null)).toHaveLength(1);
    await one.leave();
  });

  it('of an older release keep a newer one from changing the database under them', async () => {
    const { pool } = test.database;
    await pool.query(
      `INSERT INTO "ServerNode" (id, release, schema, "secretMark")
       VALUES ('old', '0.1.0+abc', '20200101000000_old', 'same')`,
    );
    const { rows } = await pool.query(
      'SELECT migration_name AS name FROM "_prisma_migrations" ORDER BY 1 DESC LIMIT 1',
    );
    await pool.query('DELETE FROM "_prisma_migrations" WHERE migration_name = $1', [rows[0].name]);
    await expect(open(test.url)).rejects.toThrow(
      /^Another node \(release 0\.1\.0\+abc\) still runs on this database.*stop all nodes of the older release first/,
    );
    const after = await pool.query('SELECT 1 FROM "_prisma_migrations" WHERE migration_name = $1', [
      rows[0].name,
    ]);
    expect(after.rows).toEqual([]);
  });

  it('of an older release stop where a newer one has changed the database before it could see them', async () => {
    const { pool } = test.database;
    let tell: (why: string) => void = () => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const old = await registerNode(pool, node('old'), { onError: fail, onOutdated: tell, beatMs: 20 });
    await pool.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at)
       VALUES ('later', '', '30000101000000_later', now())`,
    );
    const sentence =
      'The database has migration 30000101000000_later, which this version does not know: start the newer version.';
    expect(await told).toBe(sentence);
    await old.leave();
    // One that is only coming, whose look at the migrations was before.
    await expect(registerNode(pool, node('coming'), callbacks)).rejects.toThrow(sentence);
    expect(await livingNodes(pool, null)).toEqual([]);
  });
});
