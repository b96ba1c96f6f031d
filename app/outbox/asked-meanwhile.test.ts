import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { Me, Settings } from '../../protocol/shapes.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Exclusive } from './exclusive.ts';
import { Outbox } from './outbox.ts';

let db: LocalDb;
let outbox: Outbox;
let pushed: unknown[];
/** The lock as browsers give it back: some time after the work is done. */
let workDone: Promise<void>;
let giveBack: () => void;

beforeEach(async () => {
  const id = newUserId();
  const settings = Settings.parse({});
  const me = Me.parse({ id, name: 'Ada', email: null, isGuest: true, role: 'student', settings });
  db = await LocalDb.open(id);
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
  outbox = new Outbox({
    db,
    me: () => me,
    push: async (mutations: OutboxMutation[]) => {
      pushed.push(...mutations.map(({ input }) => (input as { content: string }).content));
      return {
        results: mutations.map(({ mutationId, input }) => {
          const { id: sent, sessionId } = input as { id: string; sessionId: string }; // only sends are pushed here
          const at = '2026-11-24T09:30:00.000Z';
          return {
            mutationId,
            ok: true,
            result: { id: sent, sessionId, seq: 5, createdAt: at, duplicate: false },
          };
        }),
      };
    },
    failureOf: () => null,
    exclusive,
    onSignedOut: () => {},
    onRefused: () => {},
    storedMessage: () => Promise.reject(new Error('none')),
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
  await vi.waitFor(() => expect(pushed).toEqual(['one', 'two']));
});
