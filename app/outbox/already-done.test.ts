import { afterEach, beforeEach, expect, it } from 'vitest';
import { newSessionId, newUserId } from '../../protocol/ids.ts';
import { messageOf, snapshotOf, snapshotWith } from '../../tests/support/messages.ts';
import { outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Outbox } from './outbox.ts';

const before = '2026-11-24T09:30:00.000Z';
let db: LocalDb;
let outbox: Outbox;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  outbox = outboxOn(db);
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

// The server answers such a change with success and tells of no event, for nothing changed there: what is shown
// here must be what a fresh snapshot would show.
it.each([
  ['message.star', { on: true }, { starredAt: before }],
  ['message.pin', { on: true }, { pinnedAt: before }],
  ['message.delete', {}, { deletedAt: before, content: '' }],
] as const)(
  'leaves what another device has done as it stands (invariant 10): %s',
  async (op, input, done) => {
    const sessionId = newSessionId();
    const message = {
      ...messageOf({ sessionId, seq: 2, userId: db.userId, content: 'Chapter one' }),
      ...done,
    };
    const members = [{ userId: db.userId, name: 'Ada' }];
    await db.applySnapshot(
      snapshotWith([snapshotOf({ id: sessionId, lastSeq: 2, messages: [message], members })]),
    );
    await outbox.enqueue(op, { messageId: message.id, ...input });
    expect(await db.listMessages(sessionId, { limit: 10 })).toEqual([expect.objectContaining(done)]);
  },
);
