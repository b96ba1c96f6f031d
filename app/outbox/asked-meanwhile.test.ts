import { afterEach, beforeEach, expect, it } from 'vitest';
import { newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { acknowledgeSends, outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Exclusive } from './exclusive.ts';
import type { Outbox } from './outbox.ts';

let db: LocalDb;
let outbox: Outbox;
let pushed: unknown[];
/** The lock as browsers give it back: some time after the work is done. */
let workDone: Promise<void>;
let giveBack: () => void;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  pushed = [];
  let isDone = () => {};
  workDone = new Promise((resolve) => {
    isDone = resolve;
  });
  const givenBack = new Promise<void>((resolve) => {
    giveBack = resolve;
  });
  const exclusive: Exclusive = async (_name, work) => {
    await work();
    isDone();
    await givenBack;
  };
  outbox = outboxOn(db, {
    exclusive,
    push: async (mutations) => {
      pushed.push(...mutations.map(({ input }) => (input as { content: string }).content));
      return acknowledgeSends(mutations);
    },
  });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

it('sends what is written while the lock of the last drain is being given back (invariant 5)', async () => {
  const sessionId = newSessionId();
  const say = (content: string) => outbox.enqueue('message.send', { id: newMessageId(), sessionId, content });
  await say('one');
  await workDone;
  await say('two');
  giveBack();
  await eventually(() => expect(pushed).toEqual(['one', 'two']));
});
