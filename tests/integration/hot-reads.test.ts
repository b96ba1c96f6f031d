import { afterAll, beforeAll, expect, it } from 'vitest';
import { hotReads } from '../../server/store/hot-reads.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
const big = [
  'ChatEvent',
  'ChatMessage',
  'ChatMember',
  'ChatSession',
  'User',
  'Draft',
  'MessageFeedback',
  'AuthSession',
];

beforeAll(async () => {
  test = await createTestDatabase();
  const run = (text: string) => test.database.pool.query(text);
  await run(`INSERT INTO "User" (id, name, email, "updatedAt", "statePos")
    SELECT 'u' || i, 'Ada', i || '@plan.test', now(), i FROM generate_series(1, 5000) i`);
  await run(`INSERT INTO "AuthSession" (id, token, "userId", "expiresAt", "updatedAt")
    SELECT 's' || i, 't' || i, 'u' || i, now() + interval '1 day', now() FROM generate_series(1, 5000) i`);
  await run(`INSERT INTO "ChatSession" (id, title, "createdBy", "createHash")
    SELECT 'c' || i, 'Plan', 'u1', 'h' FROM generate_series(1, 2000) i`);
  await run(`INSERT INTO "ChatMember" ("sessionId", "userId", role, "joinPos", "joinSeq", "statePos")
    SELECT 'c' || s, 'u' || (s + m * 7), 'member', 0, 0, s * 10 + m FROM generate_series(1, 2000) s, generate_series(0, 9) m`);
  await run(`INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "createdAt")
    SELECT 'm' || i, 'c' || (i % 2000 + 1), i, 'u' || (i % 2000 + 1), 'user', 'words ' || i, 'h', now()
    FROM generate_series(1, 40000) i`);
  await run(`INSERT INTO "ChatEvent" (pos, "sessionId", seq, type, payload, "createdAt")
    SELECT i, 'c' || (i % 2000 + 1), i, 'message.created', '{}', now() FROM generate_series(1, 40000) i`);
  await run(`INSERT INTO "MessageFeedback" ("messageId", "userId", value, "statePos", "updatedAt")
    SELECT 'm' || i, 'u' || (i % 2000 + 1), 'like', i, now() FROM generate_series(1, 10000) i`);
  await run(`INSERT INTO "Draft" ("userId", "sessionId", content, at, "statePos")
    SELECT 'u' || (i % 2000 + 1), 'c' || i, 'draft', now(), i FROM generate_series(1, 2000) i`);
  await run('ANALYZE');
}, 60_000);
afterAll(() => test.drop());

it.each(hotReads.map((read) => [read.name, read] as const))(
  '%s reads no big table from end to end',
  async (_name, { text, example }) => {
    const client = await test.database.pool.connect();
    try {
      // As a prepared statement is planned after a while, whatever its values.
      for (const mode of ['force_generic_plan', 'force_custom_plan']) {
        await client.query(`SET plan_cache_mode = ${mode}`);
        const { rows } = await client.query({ text: `EXPLAIN ${text}`, values: example });
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        for (const table of big) expect(plan, mode).not.toContain(`Seq Scan on "${table}"`);
      }
    } finally {
      await client.query('RESET plan_cache_mode');
      client.release();
    }
  },
);
