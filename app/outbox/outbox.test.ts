import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import type { OutboxMutation } from '../../protocol/outbox.ts';
import type { ChatMessage, Me } from '../../protocol/shapes.ts';
import { messageOf } from '../../tests/support/messages.ts';
import { acknowledgeSends, guestOf, outboxOn, refuseAll } from '../../tests/support/outbox.ts';
import { LocalDb } from '../local-db/local-db.ts';
import { NotStored } from './not-stored.ts';
import type { Outbox } from './outbox.ts';

let db: LocalDb;
let me: Me;
let outbox: Outbox;
let pushed: OutboxMutation[][];
/** What "the network" answers to a push; an Error is thrown. */
let reply: (mutations: OutboxMutation[]) => unknown;
let signedOut: number;
/** What the server has under the id that is asked for. */
let stored: ChatMessage | null;
const sessionId = newSessionId();

const reused = { reason: 'ID_REUSED', message: 'This id was used for something else.', retryable: false };

beforeEach(async () => {
  const id = newUserId();
  me = guestOf(id);
  db = await LocalDb.open(id);
  pushed = [];
  signedOut = 0;
  stored = null;
  reply = acknowledgeSends;
  outbox = outboxOn(db, {
    push: async (mutations) => {
      pushed.push(mutations);
      const answer = await reply(mutations);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    failureOf: (error) =>
      error instanceof Error && error.message === '401'
        ? { reason: 'UNAUTHENTICATED', message: '', retryable: false }
        : error instanceof Error && error.message === '404'
          ? { reason: 'NOT_FOUND', message: 'There is no such message.', retryable: false }
          : null,
    onSignedOut: () => (signedOut += 1),
    storedMessage: async () => {
      if (!stored) throw new Error('404');
      return stored;
    },
    random: () => 0,
  });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

const write = (content: string) => outbox.enqueue('message.send', { id: newMessageId(), sessionId, content });
const waiting = async () => (await db.listOutbox()).map((entry) => entry.state);
const rows = () => db.listMessages(sessionId, { limit: 10 });

describe('the outbox', () => {
  it('shows a message before any server heard of it, and makes it one stored message after (invariant 12)', async () => {
    reply = () => new Error('offline');
    await write('In a lift');
    expect((await rows()).map((row) => [row.content, row.local?.state])).toEqual([['In a lift', 'queued']]);
    reply = acknowledgeSends;
    await expect.poll(waiting).toEqual([]);
    expect((await rows()).map((row) => [row.content, row.local, row.seq])).toEqual([['In a lift', null, 5]]);
  });

  it.each([
    ['a page of a captive portal', '<html>Welcome to Campus WiFi</html>'],
    ['an empty object', {}],
    ['an empty list', { results: [] }],
    ["somebody else's acknowledgement", { results: [{ mutationId: newMessageId(), ok: true, result: {} }] }],
  ])('removes nothing upon %s (invariant 21)', async (_what, answer) => {
    reply = () => answer;
    await write('Still here');
    await expect.poll(() => pushed.length).toBeGreaterThan(1);
    expect(await waiting()).toEqual(['queued']);
    reply = acknowledgeSends;
    await expect.poll(waiting).toEqual([]);
  });

  it('keeps a refused message with its text and its reason, until the person decides (invariant 5)', async () => {
    const error = {
      reason: 'FORBIDDEN',
      message: 'You are no longer in this conversation.',
      retryable: false,
    };
    reply = (mutations) => ({
      results: mutations.map(({ mutationId }) => ({ mutationId, ok: false, error })),
    });
    const mutationId = await write('Refused');
    await expect.poll(waiting).toEqual(['failed']);
    expect((await rows())[0]?.local).toMatchObject({ state: 'failed', error });
    reply = acknowledgeSends;
    await outbox.retry(mutationId);
    await expect.poll(waiting).toEqual([]);
  });

  it('can be discarded one by one', async () => {
    reply = refuseAll;
    const mutationId = await write('Never mind');
    await expect.poll(waiting).toEqual(['failed']);
    await outbox.discard(mutationId);
    expect([await waiting(), await rows()]).toEqual([[], []]);
  });

  it('deletes on the server what was discarded after its acknowledgement was lost', async () => {
    reply = () => new Error('the answer never came');
    const mutationId = await write('Never mind');
    await expect.poll(() => pushed.length).toBeGreaterThan(0);
    await outbox.discard(mutationId);
    expect([(await db.listOutbox()).map((entry) => entry.op), await rows()]).toEqual([
      ['message.delete'],
      [],
    ]);
    // It had never arrived: nothing is left to decide.
    const notFound = { reason: 'NOT_FOUND', message: 'There is no such message.', retryable: false };
    reply = (mutations) => ({
      results: mutations.map(({ mutationId }) => ({ mutationId, ok: false, error: notFound })),
    });
    await outbox.drain();
    await expect.poll(waiting).toEqual([]);
  });

  it('edits by a change of its own once the message may have arrived: one id, one text (invariant 2)', async () => {
    reply = () => new Error('the answer never came');
    const mutationId = await write('Frist');
    await expect.poll(() => pushed.length).toBeGreaterThan(0);
    expect(await outbox.editQueued(mutationId, 'First')).toBe(true);
    const entries = (await db.listOutbox()).map(({ op, input }) => [
      op,
      (input as { content: string }).content,
    ]);
    expect(entries).toEqual([
      ['message.send', 'Frist'],
      ['message.edit', 'First'],
    ]);
    expect((await rows()).map((row) => row.content)).toEqual(['First']);
  });

  it('turns a changed text into an edit when the first one was stored after all (invariants 2 and 5)', async () => {
    reply = () => new Error('the answer never came');
    await write('Frist');
    await expect.poll(() => pushed.length).toBeGreaterThan(0);
    const [row] = await rows();
    if (!row) throw new Error('It is on screen.');
    const { sortKey: _sortKey, local: _local, ...wire } = row;
    stored = { ...wire, seq: 5, createdAt: '2026-11-24T09:30:00.000Z' };
    // A power cut took the note of the first try with it, so that the words were changed in place.
    await db.write('strict', async (tx) => {
      for (const { input, ...entry } of await db.listEntries(tx))
        await tx
          .objectStore('outbox')
          .put({ ...entry, attempts: 0, input: { ...(input as object), content: 'First' } });
      await tx.objectStore('messages').put({ ...row, content: 'First' });
    });
    const edits: unknown[] = [];
    reply = (mutations) => ({
      results: mutations.map(({ mutationId, op, input }) => {
        if (op === 'message.edit') {
          edits.push((input as { content: string }).content);
          return { mutationId, ok: true, result: {} };
        }
        return { mutationId, ok: false, error: reused };
      }),
    });
    await expect.poll(waiting).toEqual([]);
    expect(edits).toEqual(['First']);
    expect((await rows()).map((one) => [one.content, one.seq, one.local])).toEqual([['First', 5, null]]);
  });

  it("leaves it to the person when the id is somebody else's message", async () => {
    reply = (mutations) => ({
      results: mutations.map(({ mutationId }) => ({ mutationId, ok: false, error: reused })),
    });
    await write('Mine');
    await expect.poll(waiting).toEqual(['failed']);
    expect((await rows()).map((row) => [row.content, row.local?.state])).toEqual([['Mine', 'failed']]);
  });

  it('keeps the newest words of a message that is refused after it was edited (invariant 5)', async () => {
    reply = () => new Error('the answer never came');
    const mutationId = await write('Frist');
    await expect.poll(() => pushed.length).toBeGreaterThan(0);
    await outbox.editQueued(mutationId, 'First');
    reply = refuseAll;
    await expect.poll(waiting).toEqual(['failed']);
    expect(
      (await db.listOutbox()).map(({ op, input }) => [op, (input as { content: string }).content]),
    ).toEqual([['message.send', 'First']]);
    reply = acknowledgeSends;
    await outbox.retry(mutationId);
    await expect.poll(waiting).toEqual([]);
    expect(pushed.at(-1)?.map(({ input }) => (input as { content: string }).content)).toEqual(['First']);
  });

  it('keeps the furthest of two read marks that wait (invariant 13)', async () => {
    reply = () => new Error('offline');
    await outbox.enqueue('receipt.mark', { sessionId, readSeq: 10, deliveredSeq: 10 });
    await outbox.enqueue('receipt.mark', { sessionId, deliveredSeq: 12 });
    const inputs = (await db.listOutbox()).map((entry) => entry.input);
    expect(inputs).toEqual([expect.objectContaining({ readSeq: 10, deliveredSeq: 12 })]);
  });

  it('shows no other time of a star or a pin that is on already: the server says nothing of it again (invariant 7)', async () => {
    reply = () => new Error('offline');
    const message = messageOf({ sessionId, seq: 1, userId: me.id, content: 'Kept' });
    const since = '2026-11-24T09:30:00.000Z';
    await db.addOlder(sessionId, {
      messages: [{ ...message, starredAt: since, pinnedAt: since }],
      hasMore: false,
    });
    for (const op of ['message.star', 'message.pin'] as const)
      await outbox.enqueue(op, { messageId: message.id, on: true });
    expect(await db.getMessage(message.id)).toMatchObject({ starredAt: since, pinnedAt: since });
  });

  it('keeps the newest of two drafts that wait, whichever tab told of it last', async () => {
    reply = () => new Error('offline');
    const draft = (content: string, minute: number) => ({
      sessionId,
      content,
      at: `2026-11-25T08:0${minute}:00.000Z`,
    });
    await outbox.enqueue('draft.set', draft('', 2));
    await outbox.enqueue('draft.set', draft('Typed before it was sent', 1));
    expect((await db.listOutbox()).map((entry) => entry.input)).toEqual([draft('', 2)]);
    await outbox.enqueue('draft.set', draft('Typed after', 3));
    expect((await db.listOutbox()).map((entry) => entry.input)).toEqual([draft('Typed after', 3)]);
  });

  it('keeps the mark of each thread that waits, and of one thread the furthest', async () => {
    reply = () => new Error('offline');
    const [here, there] = [newMessageId(), newMessageId()];
    await outbox.enqueue('thread.read', { sessionId, messageId: here, readSeq: 10 });
    await outbox.enqueue('thread.read', { sessionId, messageId: there, readSeq: 3 });
    await outbox.enqueue('thread.read', { sessionId, messageId: here, readSeq: 8 });
    expect((await db.listOutbox()).map((entry) => entry.input)).toEqual([
      { sessionId, messageId: there, readSeq: 3 },
      { sessionId, messageId: here, readSeq: 10 },
    ]);
    expect([...(await db.marked.threadMarks(sessionId))]).toEqual(
      expect.arrayContaining([
        [here, 10],
        [there, 3],
      ]),
    );
  });

  it('shows a change of oneself in the transaction that keeps it to be sent, or not at all (invariant 19)', async () => {
    reply = () => new Error('offline');
    await db.saveMe(me);
    const ben = newUserId();
    await outbox.enqueue('me.update', { name: 'Ada L.', settings: { tone: 'direct' } });
    await outbox.enqueue('me.update', { settings: { length: 'short' } });
    await outbox.enqueue('people.block', { userId: ben, on: true }, { personName: 'Ben' });
    const shown = await db.getMe();
    expect([shown?.name, shown?.settings.tone, shown?.settings.length, shown?.blocked]).toEqual([
      'Ada L.',
      'direct',
      'short',
      [{ userId: ben, name: 'Ben' }],
    ]);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('No room', 'QuotaExceededError');
    });
    await expect(outbox.enqueue('people.block', { userId: ben, on: false })).rejects.toThrow(NotStored);
    put.mockRestore();
    expect([(await db.getMe())?.blocked.length, (await db.listOutbox()).length]).toEqual([1, 3]);
  });

  it('drops a mark that is refused, for nobody could do anything about it', async () => {
    reply = refuseAll;
    await outbox.enqueue('receipt.mark', { sessionId, readSeq: 3 });
    await expect.poll(waiting).toEqual([]);
  });

  it('counts its tries before they leave (M9)', async () => {
    reply = () => new Error('offline');
    await write('Again and again');
    await expect.poll(async () => (await db.listOutbox())[0]?.attempts).toBeGreaterThan(1);
    expect((await db.listOutbox())[0]?.lastAttemptAt).toMatch(/^20/);
  });

  it('sends in the order of writing (invariant 4)', async () => {
    reply = () => new Error('offline');
    for (const content of ['one', 'two', 'three']) await write(content);
    pushed = [];
    reply = acknowledgeSends;
    await outbox.drain();
    await expect.poll(waiting).toEqual([]);
    expect(pushed.flat().map(({ input }) => (input as { content: string }).content)).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('pauses when the auth session is gone, discards nothing, and goes on after signing in (invariant 25)', async () => {
    reply = () => new Error('401');
    await write('Later');
    await expect.poll(() => signedOut).toBe(1);
    const tries = pushed.length;
    await outbox.drain();
    expect([pushed.length, await waiting()]).toEqual([tries, ['queued']]);
    reply = acknowledgeSends;
    outbox.resume();
    await expect.poll(waiting).toEqual([]);
  });

  it('tries nothing more once it knows that the auth session is gone, whatever was written meanwhile (invariant 25)', async () => {
    let isRefused = () => {};
    const refusal = new Promise<void>((resolve) => {
      isRefused = resolve;
    });
    reply = () => refusal.then(() => Promise.reject(new Error('401')));
    await write('One');
    await expect.poll(() => pushed.length).toBe(1);
    await write('Two');
    isRefused();
    await outbox.drain();
    expect([pushed.length, signedOut, await waiting()]).toEqual([1, 1, ['queued', 'queued']]);
  });

  it('keeps an entry of a kind that it does not know', async () => {
    await db.write('strict', async (tx) => {
      const entry = {
        mutationId: newMessageId(),
        op: 'message.teleport',
        input: {},
        sessionId: null,
        state: 'queued',
        error: null,
        attempts: 0,
        lastAttemptAt: null,
        createdAt: '2026-11-24T09:30:00.000Z',
      };
      await tx.objectStore('outbox').add(entry);
    });
    await write('Known');
    await expect
      .poll(async () => (await db.listOutbox()).map((entry) => entry.op))
      .toEqual(['message.teleport']);
  });
});
