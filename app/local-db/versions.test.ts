import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Forks } from '../../protocol/forks.ts';
import { type MessageId, newMessageId, newSessionId, newUserId } from '../../protocol/ids.ts';
import { Me, Settings } from '../../protocol/shapes.ts';
import { messageOf, snapshotOf, snapshotWith } from '../../tests/support/messages.ts';
import { shownMessages } from '../conversation/shown-messages.ts';
import { createExclusive, PUSH_FROZEN_MS } from '../outbox/exclusive.ts';
import { Outbox } from '../outbox/outbox.ts';
import { LocalDb } from './local-db.ts';

let db: LocalDb;
let outbox: Outbox;
let isOnline: boolean;
const sessionId = newSessionId();
const [first, second] = [newMessageId(), newMessageId()];

/** A device that is offline, with a question that was asked in two versions. */
beforeEach(async () => {
  const id = newUserId();
  const settings = Settings.parse({});
  const me = Me.parse({ id, name: 'Ada', email: null, isGuest: true, role: 'student', settings });
  db = await LocalDb.open(id);
  outbox = new Outbox({
    db,
    me: () => me,
    push: async (mutations) => {
      if (!isOnline) throw new Error('offline');
      return {
        results: mutations.map(({ mutationId, op, input }, n) => {
          const { id } = input as { id: string }; // whatever is sent here while online carries one
          const sent = { id, sessionId, seq: n + 1, createdAt: '2026-11-24T09:30:00.000Z', duplicate: false };
          return { mutationId, ok: true, result: op === 'message.send' ? sent : {} };
        }),
      };
    },
    failureOf: () => null,
    exclusive: createExclusive(PUSH_FROZEN_MS),
    onSignedOut: () => {},
    onOwed: () => {},
    storedMessage: () => Promise.reject(new Error('offline')),
  });
  isOnline = true;
  await outbox.enqueue('session.create', { id: sessionId });
  await outbox.enqueue('message.send', { id: first, sessionId, content: 'How?', branch: null });
  await expect.poll(() => db.listOutbox()).toEqual([]);
  isOnline = false;
  await outbox.enqueue('message.send', { id: second, sessionId, content: 'How exactly?', branchOf: first });
});
afterEach(async () => {
  outbox.close();
  await db.close();
});

async function shown(): Promise<string[]> {
  const forks = (await db.getSession(sessionId))?.forks ?? {};
  const rows = (await db.listMessages(sessionId, { limit: 20 })).filter(({ withdrawn }) => !withdrawn);
  return shownMessages(rows, forks).shown.map(({ content }) => content);
}

describe('versions of a question, on a device that is offline', () => {
  it('are one fewer once one that waits is discarded, and what is written then follows the other', async () => {
    const [waiting] = await db.listOutbox();
    if (!waiting) throw new Error('The second version waits');
    await outbox.discard(waiting.mutationId);
    expect(await shown()).toEqual(['How?']);
    const next = newMessageId();
    await outbox.enqueue('message.send', { id: next, sessionId, content: 'And then?' });
    expect((await db.getMessage(next))?.branch).toBeNull();
    expect(await shown()).toEqual(['How?', 'And then?']);
  });

  it('are followed by what is forwarded there, and by what names no branch', async () => {
    const here = { sessionId, content: 'And then?' };
    await outbox.enqueue('message.send', { id: newMessageId(), ...here });
    await outbox.enqueue('message.forward', { id: newMessageId(), messageId: first, sessionId });
    expect(await shown()).toEqual(['How exactly?', 'And then?', 'How?']);
  });

  it('are the last line of their conversation only until something stands below them', async () => {
    const lastLine = async () => (await db.listSessions())[0]?.lastMessage?.content;
    expect(await lastLine()).toBe('How exactly?');
    await outbox.enqueue('message.send', { id: newMessageId(), sessionId, content: 'And then?' });
    expect(await lastLine()).toBe('And then?');
  });

  it('make room for the other one when one is taken back', async () => {
    const undo = (messageId: MessageId) => outbox.enqueue('message.delete', { messageId, undo: true });
    await undo(second);
    expect(await shown()).toEqual(['How?']);
  });
});

describe('an answer that was written again later', () => {
  it('stands in the list of conversations where the first version stood, not where it was written', async () => {
    const [other, ada, again] = [newSessionId(), newUserId(), newMessageId()];
    const said = (seq: number, content: string, id = newMessageId()) =>
      messageOf({ id, sessionId: other, seq, userId: ada, content });
    const [question, answer, thanks] = [said(2, 'How?'), said(3, 'So.'), said(4, 'Thank you')];
    const fork = { root: answer.id, kind: 'answer', at: 3, in: null, all: [answer.id, again], shown: again };
    const messages = [question, answer, thanks, said(5, 'Rather so.', again)];
    const members = [{ userId: ada, name: 'Ada' }];
    const held = snapshotOf({ id: other, lastSeq: 5, messages, members });
    await db.applySnapshot(snapshotWith([{ ...held, forks: Forks.parse({ [answer.id]: fork }) }]));
    const row = (await db.listSessions()).find(({ id }) => id === other);
    expect(row?.lastMessage?.content).toBe('Thank you');
  });
});
