import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type MessageId,
  newAttachmentId,
  newMessageId,
  newPictureId,
  newSessionId,
  newUserId,
} from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { acknowledgeSends, outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { createExclusive, PUSH_FROZEN_MS } from './exclusive.ts';
import type { Outbox } from './outbox.ts';

let db: LocalDb;
let outbox: Outbox;
let isOnline: boolean;
let pushes: OutboxMutation[][];
const exclusive = createExclusive(PUSH_FROZEN_MS);
let onPush: () => void;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  [isOnline, pushes, onPush] = [false, [], () => {}];
  outbox = outboxOn(db, {
    exclusive,
    random: () => 1,
    push: async (mutations) => {
      if (!isOnline) throw new Error('There is no network.');
      pushes.push(mutations);
      onPush();
      return acknowledgeSends(mutations);
    },
  });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

const sessionId = newSessionId();
const say = (content: string, id: MessageId = newMessageId()) =>
  outbox.enqueue('message.send', { id, sessionId, content });
const contents = () =>
  pushes.map((push) => push.map(({ input }) => (input as { content: string }).content[0]));
const goOnline = async () => {
  await outbox.drain();
  isOnline = true;
  await outbox.retryAll();
  await eventually(async () => expect(await db.listOutbox()).toEqual([]));
};

describe('one push', () => {
  it('carries no more than a slow network gets across, in the order of writing; what is larger goes alone (invariant 4)', async () => {
    // In a script of two bytes a letter: 20 kB each.
    const long = (first: string) => first + 'я'.repeat(10_000);
    for (const letter of ['a', 'b', 'c', 'd']) await say(long(letter));
    const picture = { id: newPictureId(), data: 'A'.repeat(100_000) };
    await outbox.enqueue('session.update', { sessionId, picture });
    await say('e');
    await goOnline();
    const sizes = pushes.map((push) => push.length);
    const ops = pushes.flat().map(({ op }) => op.replace(/.*\./, ''));
    expect(ops).toEqual(['send', 'send', 'send', 'send', 'update', 'send']);
    expect(sizes).toEqual([3, 1, 1, 1]);
  });

  it('is all that the lock is held for: whoever wants to do something in between gets a turn', async () => {
    for (let i = 0; i <= limits.outboxPushMutations; i += 1) await say(`${i}`);
    let before = 0;
    let between = Promise.resolve();
    onPush = () => {
      onPush = () => {};
      between = exclusive(`${db.storage}:outbox`, async () => {
        before = pushes.length;
      });
    };
    await goOnline();
    await between;
    expect([before, pushes.length > before]).toEqual([1, true]);
  });

  it('has nothing behind a message with files, which may have to wait for them again (invariant 4)', async () => {
    const attachmentIds = [newAttachmentId()];
    await say('a');
    await outbox.enqueue('message.send', { id: newMessageId(), sessionId, content: 'b', attachmentIds });
    await say('c');
    await goOnline();
    expect(contents()).toEqual([['a', 'b'], ['c']]);
  });
});
