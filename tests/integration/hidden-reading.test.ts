import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEvent, type SessionCopy, type SessionEvent } from '../../protocol/apply-event.ts';
import { ChatEvent } from '../../protocol/events.ts';
import { type MessageId, newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { statusOf } from '../../protocol/message-status.ts';
import type { Account } from '../../server/domain/account.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

/** Two nodes: Ada talks to one, Ben to the other, and what Ben hides must stay hidden on both. */
let one: World;
let two: World;
let drop: () => Promise<void>;
beforeAll(async () => {
  const network = new MemoryBusNetwork();
  const { url, drop: dropDatabase } = await createEmptyDatabase();
  drop = dropDatabase;
  one = await createWorld({ databaseUrl: url, bus: network.join(), nodeId: 'one' });
  two = await createWorld({ databaseUrl: url, bus: network.join(), nodeId: 'two' });
});
afterAll(async () => {
  for (const node of [one, two]) expect(node.errors).toEqual([]);
  for (const node of [one, two]) await node.close();
  await drop();
});

const show = (who: Account, showReading: boolean) =>
  one.as(who).me.update({ settings: { privacy: { showTyping: true, showPresence: true, showReading } } });
const marksOf = async (node: World, asking: Account, sessionId: SessionId, of: Account) => {
  const { members } = await node.as(asking).session.get({ sessionId });
  return members.find((m) => m.userId === of.userId);
};
/** Read marks of one person as they came over a stream. */
const readsOf = (heard: { event: ChatEvent }[], of: Account) =>
  heard.flatMap(({ event }) =>
    event.type === 'receipt' && event.userId === of.userId ? [event.readSeq] : [],
  );

/** Ada wrote four messages (2 to 5), of which Ben read the first while he showed it and the second while he did not. */
async function halfHidden() {
  const [ada, ben] = [await one.person('Ada'), await one.person('Ben')];
  const sessionId = await one.conversation(ada, [ben]);
  const ids = [newMessageId(), newMessageId(), newMessageId(), newMessageId()] as const;
  for (const id of ids) await one.as(ada).message.send({ id, sessionId, content: `Message ${id}` });
  const read = (readSeq: number) => two.as(ben).receipt.mark({ sessionId, deliveredSeq: 5, readSeq });
  await read(2);
  await show(ben, false);
  return { ada, ben, sessionId, ids, read };
}

const infoOf = async (asking: Account, messageId: MessageId) =>
  (await one.as(asking).message.info({ messageId })).recipients[0];

describe('who hides their reading (settings.privacy.showReading)', () => {
  it('is seen by nobody to read on, live, replayed or asked for, while their own devices agree', async () => {
    const { ada, ben, sessionId, ids, read } = await halfHidden();
    const start = (await one.as(ada).sync.snapshot()).cursor;
    const [adasOne, adasTwo] = [await listen(one, ada), await listen(two, ada)];
    const [bensOne, bensTwo] = [await listen(one, ben), await listen(two, ben)];
    const bensStart = (await two.as(ben).sync.snapshot()).cursor;
    expect(await read(4)).toMatchObject({ readSeq: 4, deliveredSeq: 5 });
    for (const own of [bensOne, bensTwo]) await own.until((e) => e.type === 'receipt' && e.readSeq === 4);
    // What comes after it on the same streams tells that nothing more of it is on its way.
    const { id } = await one.as(ada).message.send({ id: newMessageId(), sessionId, content: 'After it' });
    for (const device of [adasOne, adasTwo]) {
      await device.until((e) => e.type === 'message.created' && e.message.id === id);
      expect(readsOf(device.heard, ben)).toEqual([]);
    }
    const replayed = await listen(two, ada, start);
    expect(readsOf(replayed.heard, ben)).toEqual([]);
    const bensReplay = await listen(one, ben, bensStart);
    expect(readsOf(bensReplay.heard, ben)).toEqual([4]);
    for (const node of [one, two]) {
      expect(await marksOf(node, ada, sessionId, ben)).toMatchObject({ readSeq: 2, deliveredSeq: 5 });
      expect(await marksOf(node, ben, sessionId, ben)).toMatchObject({ readSeq: 4, deliveredSeq: 5 });
      for (const [who, readSeq] of [
        [ada, 2],
        [ben, 4],
      ] as const) {
        const { sessions } = await node.as(who).sync.snapshot();
        expect(sessions[0]?.members.find((m) => m.userId === ben.userId)?.readSeq).toBe(readSeq);
        const [listed] = await node.as(who).session.list({});
        expect(listed?.members.find((m) => m.userId === ben.userId)?.readSeq).toBe(readSeq);
      }
    }
    expect((await infoOf(ada, ids[0]))?.readAt).not.toBeNull();
    expect(await infoOf(ada, ids[1])).toMatchObject({ readAt: null, deliveredAt: expect.any(String) });
    for (const device of [adasOne, adasTwo, bensOne, bensTwo, replayed, bensReplay]) await device.close();
  });

  it('reveals, on showing it again, only what they read from then on', async () => {
    const { ada, ben, sessionId, ids, read } = await halfHidden();
    await read(4);
    await show(ben, true);
    // Neither the switch nor the same mark again tells what was read meanwhile.
    await read(4);
    await read(3);
    expect((await marksOf(one, ada, sessionId, ben))?.readSeq).toBe(2);
    const device = await listen(one, ada);
    await read(5);
    await device.until((e) => e.type === 'receipt' && e.userId === ben.userId && e.readSeq === 5);
    expect((await marksOf(one, ada, sessionId, ben))?.readSeq).toBe(5);
    expect((await infoOf(ada, ids[2]))?.readAt).toBeNull();
    expect((await infoOf(ada, ids[3]))?.readAt).not.toBeNull();
    await device.close();
  });

  it('still has a mark that only moves on and is never beyond what was delivered (invariant 13)', async () => {
    const { ada, ben, sessionId, read } = await halfHidden();
    for (const readSeq of [4, 3, 999]) await read(readSeq);
    for (const asking of [ada, ben]) {
      const marks = await marksOf(one, asking, sessionId, ben);
      expect(marks?.readSeq).toBe(asking === ben ? 5 : 2);
      expect(marks?.deliveredSeq).toBe(5);
    }
    const { messages } = await one.as(ada).message.list({ sessionId });
    const { members } = await one.as(ada).session.get({ sessionId });
    expect(messages.map((message) => statusOf(message, members))).toEqual([
      'read',
      'delivered',
      'delivered',
      'delivered',
    ]);
  });

  it('old snapshot + events = fresh snapshot, for them and for others, whatever lists the members (invariant 10)', async () => {
    const { ada, ben, sessionId, read } = await halfHidden();
    const cleo = await one.person('Cleo');
    const copyOf = async (who: Account) => {
      const { sessions, cursor } = await one.as(who).sync.snapshot();
      const found = sessions.find((session) => session.id === sessionId);
      if (!found) throw new Error('The conversation is gone');
      const { messages, hasMore: _hasMore, unread: _unread, ...session } = found;
      return { copy: { session, messages } as SessionCopy, cursor };
    };
    const old = [await copyOf(ada), await copyOf(ben)] as const;
    const live = [await listen(one, ada), await listen(two, ben)] as const;
    await read(4);
    const mutation = () => ({ mutationId: newMutationId(), sessionId });
    await one.as(ada).session.addMember({ ...mutation(), userId: cleo.userId });
    await one.as(ada).me.update({ name: 'Ada Lovelace' });
    await one.as(ada).message.send({ id: newMessageId(), sessionId, content: 'The last' });
    for (const [i, who] of [ada, ben].entries()) {
      const { copy, cursor } = old[i] ?? old[0];
      const stream = live[i] ?? live[0];
      const isLast = (e: ChatEvent) => e.type === 'message.created' && e.message.content === 'The last';
      await stream.until(isLast);
      const replay = await listen(two, who, cursor);
      const fresh = await copyOf(who);
      for (const { heard } of [stream, replay]) {
        const after = heard.reduce<SessionCopy | null>(
          (held, { event }) =>
            'sessionId' in event && (event.type === 'receipt' || 'seq' in event)
              ? applyEvent(held, ChatEvent.parse(event) as SessionEvent, who.userId)
              : held,
          copy,
        );
        expect(after).toEqual(fresh.copy);
      }
      await replay.close();
      await stream.close();
    }
  });
});
