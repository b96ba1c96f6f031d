import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createWorld, type World } from '../support/world.ts';

const UNREAD = 3_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

/** Ben has everything that Ada wrote and read none of it. */
async function muchUnread(): Promise<{ ada: Account; ben: Account; sessionId: SessionId; lastSeq: number }> {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  const { seq } = await world.say(ada, sessionId, 'The first');
  const lastSeq = seq + UNREAD;
  await world.database.pool.query(
    `INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "createdAt")
     SELECT $1 || i, $1, i, $2, 'user', 'words', 'h', now() FROM generate_series($3::int + 1, $4::int) i`,
    [sessionId, ada.userId, seq, lastSeq],
  );
  await world.database.pool.query('UPDATE "ChatSession" SET "lastSeq" = $2 WHERE id = $1', [
    sessionId,
    lastSeq,
  ]);
  await world.as(ben).receipt.mark({ sessionId, deliveredSeq: lastSeq });
  return { ada, ben, sessionId, lastSeq };
}

/** How many delivery rows of this person are written, or only locked, meanwhile. */
async function rowsTouched({ userId }: Account, work: () => Promise<unknown>): Promise<number> {
  const { pool } = world.database;
  const before = await pool.query('SELECT pg_current_xact_id()::text AS id');
  await work();
  const { rows } = await pool.query(
    `SELECT count(*)::int AS n FROM "MessageDelivery"
     WHERE "userId" = $1 AND greatest(xmin::text::bigint, xmax::text::bigint) > $2::bigint`,
    [userId, before.rows[0].id],
  );
  return rows[0].n;
}

const infoOf = async (asking: Account, messageId: string) => {
  const { rows } = await world.database.pool.query(
    'SELECT "deliveredAt", "readAt" FROM "MessageDelivery" WHERE "messageId" = $1 AND "userId" = $2',
    [messageId, asking.userId],
  );
  return rows[0];
};

it('costs one row for each message that a mark passes, however much is unread before it', async () => {
  const { ada, ben, sessionId, lastSeq } = await muchUnread();
  const mark = (marks: { deliveredSeq?: number; readSeq?: number }) =>
    rowsTouched(ben, () => world.as(ben).receipt.mark({ sessionId, ...marks }));
  await world.say(ada, sessionId, 'One more');
  expect(await mark({ deliveredSeq: lastSeq + 1 })).toBe(1);
  expect(await mark({ readSeq: 5 })).toBe(4); // 1 is no message
  await world.say(ada, sessionId, 'And another');
  expect(await mark({ deliveredSeq: lastSeq + 2, readSeq: 7 })).toBe(3);
  // Read on the way: delivered and read at once.
  await world.say(ada, sessionId, 'The last');
  expect(await mark({ readSeq: lastSeq + 3 })).toBe(lastSeq + 3 - 7);
  const { rows } = await world.database.pool.query(
    `SELECT count(*)::int AS n, count(d."deliveredAt")::int AS delivered, count(d."readAt")::int AS read,
       count(*) FILTER (WHERE d."readAt" < d."deliveredAt")::int AS backwards
     FROM "ChatMessage" c LEFT JOIN "MessageDelivery" d ON d."messageId" = c.id AND d."userId" = $2
     WHERE c."sessionId" = $1`,
    [sessionId, ben.userId],
  );
  const all = lastSeq + 2;
  expect(rows).toEqual([{ n: all, delivered: all, read: all, backwards: 0 }]);
});

it('writes nothing where the reading is hidden, and leaves the times of delivery alone (M9)', async () => {
  const { ada, ben, sessionId, lastSeq } = await muchUnread();
  const id = `${sessionId}${lastSeq}`;
  const before = await infoOf(ben, id);
  expect(before).toMatchObject({ deliveredAt: expect.any(Date), readAt: null });
  const privacy = { showTyping: true, showPresence: true, showReading: false };
  await world.as(ben).me.update({ settings: { privacy } });
  const read = (readSeq: number) =>
    rowsTouched(ben, () => world.as(ben).receipt.mark({ sessionId, readSeq }));
  expect(await read(lastSeq)).toBe(0);
  expect(await infoOf(ben, id)).toEqual(before);
  const { id: seen } = await world.say(ada, sessionId, 'Seen and not told');
  expect(await read(lastSeq + 1)).toBe(1);
  expect(await infoOf(ben, seen)).toMatchObject({ deliveredAt: expect.any(Date), readAt: null });
});
