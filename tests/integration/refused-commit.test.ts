import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { contentsOf, listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let ada: Account;
let sessionId: SessionId;
const messageId = newMessageId();
beforeAll(async () => {
  world = await createWorld();
  ada = await world.person('Ada');
  sessionId = await world.conversation(ada);
  await world.say(ada, sessionId, 'Stands', messageId);
  // Refused at the commit itself, as by a disk that is full: every statement before it has gone well by then.
  await world.database.pool.query(`
    CREATE FUNCTION refuse_commit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE 'no room' USING ERRCODE = '53100'; END $$;
    CREATE CONSTRAINT TRIGGER refused_commit AFTER INSERT ON "ChatEvent" DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.payload::text LIKE '%no room for this%') EXECUTE FUNCTION refuse_commit();`);
});
afterAll(() => world.close());

describe('what fails as it is committed is acknowledged and told to nobody, and leaves no gap (invariants 1, 3 and 6)', () => {
  const refused = 'no room for this';
  const mutationId = newMutationId();
  it.each<[string, () => Promise<unknown>]>([
    ['a message', () => world.say(ada, sessionId, refused)],
    ['an edit', () => world.as(ada).message.edit({ mutationId, messageId, content: refused })],
    ['a title', () => world.as(ada).session.update({ mutationId, sessionId, title: refused })],
  ])('%s', async (_, write) => {
    const device = await listen(world, ada);
    const before = await world.as(ada).sync.snapshot();
    await expect(write()).rejects.toMatchObject({ cause: { reason: 'UNAVAILABLE' } });
    expect(await world.as(ada).sync.snapshot()).toEqual(before);
    const next = await world.say(ada, sessionId, 'The next one');
    expect(next.seq).toBe((before.sessions[0]?.lastSeq ?? 0) + 1);
    await device.until((event) => event.type === 'message.created' && event.message.id === next.id);
    expect(contentsOf(device.heard)).toEqual(['The next one']);
    expect(device.heard.map(({ event }) => event.type)).toEqual(['caught-up', 'message.created']);
    expect(world.errors).toEqual([]);
    await device.close();
  });
});
