import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { inputs } from '../../protocol/procedures.ts';
import { guestOf, outboxOn } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import type { Outbox } from './outbox.ts';

const sessionId = newSessionId();
const threadRoot = newMessageId();
const now = () => new Date().toISOString();
let db: LocalDb;
let outbox: Outbox;

beforeEach(async () => {
  db = await LocalDb.open(newUserId());
  outbox = outboxOn(db);
  await db.saveMe(guestOf(db.userId));
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

const write = (content: string, thread: typeof threadRoot | null = null) =>
  outbox.enqueue(
    'message.send',
    { id: newMessageId(), sessionId, content, parentId: thread },
    { writtenIn: { sessionId, threadRoot: thread } },
  );
const drafts = async () =>
  (await db.listOutbox()).flatMap(({ op, input }) =>
    op === 'draft.set' ? [inputs['draft.set'].parse(input)] : [],
  );

describe('words that become a message', () => {
  it('stand in one place at any moment: the draft ends in the transaction that stores the message (invariants 5 and 19)', async () => {
    await db.drafts.save({ sessionId }, 'hello', now());
    const seen: [number, string][] = [];
    const off = db.subscribe([`messages:${sessionId}`], async () => {
      const [rows, draft] = [
        await db.listMessages(sessionId, { limit: 9 }),
        await db.drafts.get({ sessionId }),
      ];
      seen.push([rows.length, draft]);
    });
    await write('hello');
    expect(await db.drafts.get({ sessionId })).toBe('');
    await expect.poll(() => seen[0]).toEqual([1, '']);
    off();
    // One's other devices are told, whatever becomes of this tab.
    expect(await drafts()).toEqual([expect.objectContaining({ sessionId, content: '' })]);
  });

  it('of a thread leave what is being written beside it', async () => {
    await db.drafts.save({ sessionId }, 'beside it', now());
    await db.drafts.save({ sessionId, threadRoot }, 'in the thread', now());
    await write('in the thread', threadRoot);
    expect(await db.drafts.get({ sessionId, threadRoot })).toBe('');
    expect(await db.drafts.get({ sessionId })).toBe('beside it');
    expect(await drafts()).toEqual([]);
  });

  it('are told of no more than what ended them', async () => {
    await db.drafts.save({ sessionId }, 'hello', '2026-11-25T10:00:00.000Z');
    await write('hello');
    // A word of before, from a tab that was slow.
    await outbox.enqueue('draft.set', { sessionId, content: 'hello', at: '2026-11-25T10:00:00.000Z' });
    expect((await drafts()).map((draft) => draft.content)).toEqual(['']);
  });
});
