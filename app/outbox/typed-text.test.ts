import { afterEach, beforeEach, expect, it } from 'vitest';
import { newMessageId, newProjectId, newSessionId, newUserId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import { inputs } from '../../protocol/procedures.ts';
import { typedInput } from '../../protocol/typed-input.ts';
import { outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { Drafts } from '../sync/drafts.ts';
import type { Outbox } from './outbox.ts';

const sessionId = newSessionId();
let db: LocalDb;
let outbox: Outbox;
let pushed: OutboxMutation[];

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  pushed = [];
  outbox = outboxOn(db, {
    push: async (mutations) => {
      pushed.push(...mutations);
      throw new Error('offline');
    },
  });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

it('keeps nothing on the device that a server would refuse: what was pasted goes without NUL, in every change', async () => {
  const id = newMessageId();
  await outbox.enqueue('message.send', { id, sessionId, content: 'pa\0sted \ud83d\ude00 \ud83d' });
  await outbox.enqueue('me.update', { name: 'A\0da', settings: { language: 'd\0e' } });
  await outbox.enqueue('session.update', { sessionId, context: { 'go\0al': ['a\0b'] } });
  const kept = (await db.listOutbox()).map(({ input }) => input);
  expect(kept).toMatchObject([
    { id, content: 'pasted \ud83d\ude00 \ufffd' },
    { name: 'Ada', settings: { language: 'de' } },
    { context: { goal: ['ab'] } },
  ]);
  expect((await db.getMessage(id))?.content).toBe('pasted \ud83d\ude00 \ufffd');
  expect(inputs['message.send'].safeParse(kept[0]).data?.content).toBe('pasted \ud83d\ude00 \ufffd');
});

it('makes one line of what was pasted where one line is meant, and of what an earlier version kept', async () => {
  await outbox.enqueue('me.update', { name: ' A\td\r\na ', settings: { activity: 'In a \u202ecall' } });
  await outbox.enqueue('project.create', { id: newProjectId(), title: 'Maize\u2028yield', notes: 'a\n\tb' });
  const kept = (await db.listOutbox()).map(({ input }) => input);
  expect(kept).toMatchObject([
    { name: 'A d a', settings: { activity: 'In a call' } },
    { title: 'Maize yield', notes: 'a\n\tb' },
  ]);
  const id = newSessionId();
  expect(typedInput('session.create', { id, title: 'Old\ttitle' })).toEqual({ id, title: 'Old title' });
});

it('keeps a draft as it can be sent', async () => {
  const drafts = new Drafts(db, async () => {});
  await drafts.save({ sessionId }, 'pa\0sted');
  expect(await db.drafts.get({ sessionId })).toBe('pasted');
  drafts.close();
});
