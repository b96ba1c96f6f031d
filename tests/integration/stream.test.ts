import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEvent, type SessionCopy, type SessionEvent } from '../../protocol/apply-event.ts';
import { ChatEvent } from '../../protocol/events.ts';
import {
  type MessageId,
  newMessageId,
  newMutationId,
  newProjectId,
  newSessionId,
} from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { finishTurn, nothingWritten } from '../../server/agent/finish-turn.ts';
import type { Account } from '../../server/domain/account.ts';
import { contentsOf, listen } from '../support/listen.ts';
import { agent, createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('events.subscribe', () => {
  it('brings a message to every device of every member, and to nobody else', async () => {
    const [ada, ben, eve] = [await world.person('Ada'), await world.person('Ben'), await world.person('Eve')];
    const sessionId = await world.conversation(ada, [ben]);
    const devices = await Promise.all([listen(world, ada), listen(world, ben), listen(world, ben)]);
    const stranger = await listen(world, eve);
    const { id } = await world.say(ada, sessionId, 'Hello Ben');
    for (const device of devices)
      await device.until((e) => e.type === 'message.created' && e.message.id === id);
    expect(stranger.heard.map(({ event }) => event.type)).toEqual(['caught-up']);
    for (const who of [ada, ben, eve]) world.hub.closeStreams({ userId: who.userId });
  });

  it('serialises an event once for any number of devices', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const devices = await Promise.all(Array.from({ length: 20 }, () => listen(world, ada)));
    const before = world.hub.stats.serialisations;
    const { id } = await world.say(ada, sessionId, 'One buffer');
    for (const device of devices)
      await device.until((e) => e.type === 'message.created' && e.message.id === id);
    expect(world.hub.stats.serialisations - before).toBe(1);
    world.hub.closeStreams({ userId: ada.userId });
  });

  it('replays what a cursor has not seen, once and in order, then goes live without a gap', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    const first = await listen(world, ada);
    await world.say(ada, sessionId, 'before');
    const { cursor } = await first.until((e) => e.type === 'message.created');
    await first.close();
    // Writing goes on while the stream opens, so that replay and live must meet exactly.
    const writing = (async () => {
      for (let i = 0; i < 60; i += 1) await world.say(ada, sessionId, `missed ${i}`);
    })();
    const second = await listen(world, ada, cursor);
    await writing;
    await second.until((e) => e.type === 'message.created' && e.message.content === 'missed 59');
    expect(contentsOf(second.heard)).toEqual(Array.from({ length: 60 }, (_, i) => `missed ${i}`));
    await second.close();
  });

  it('loses nothing however often a device comes and goes (invariant 7)', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    let cursor = (await world.as(ada).sync.snapshot()).cursor;
    const writing = (async () => {
      for (let i = 0; i < 150; i += 1) await world.say(ada, sessionId, `${i}`);
    })();
    const all: string[] = [];
    while (all.at(-1) !== '149') {
      const device = await listen(world, ada, cursor);
      await device.until((e) => e.type === 'message.created' || e.type === 'caught-up');
      await new Promise<void>((resolve) => setImmediate(resolve));
      await device.close();
      all.push(...contentsOf(device.heard));
      cursor = device.heard.at(-1)?.cursor ?? cursor;
    }
    await writing;
    expect(all).toEqual(Array.from({ length: 150 }, (_, i) => `${i}`));
  });

  it('marks every frame with a short cursor', async () => {
    const ada = await world.person();
    const device = await listen(world, ada);
    await world.conversation(ada);
    await device.until((e) => e.type === 'session.created');
    for (const { cursor } of device.heard) expect(cursor).toMatch(/^[0-9a-z.]+$/);
    expect(Math.max(...device.heard.map(({ cursor }) => cursor.length))).toBeLessThanOrEqual(
      limits.cursorLength,
    );
    await device.close();
  });
});

describe('a cursor that cannot be served yields resync (invariant 9)', () => {
  const firstOf = async (who: Account, cursor: string) => {
    const device = await listen(world, who, cursor);
    await device.close();
    return device.heard[0]?.event.type;
  };

  it('whether it is nonsense, of the future, of another database or of another account', async () => {
    const [ada, eve] = [await world.person(), await world.person()];
    const sessionId = await world.conversation(ada);
    const device = await listen(world, ada);
    await world.say(ada, sessionId, 'Hello');
    const { cursor } = await device.until((e) => e.type === 'message.created');
    await device.close();
    const own = (await world.as(ada).sync.snapshot()).cursor;
    const [epoch, pos, scope] = own.split('.') as [string, string, string];
    expect(await firstOf(ada, own)).toBe('caught-up');
    expect(await firstOf(ada, cursor)).toBe('caught-up');
    expect(await firstOf(eve, own)).toBe('resync');
    expect(await firstOf(eve, cursor)).toBe('resync');
    expect(await firstOf(ada, `${epoch}.${'z'.repeat(8)}.${scope}`)).toBe('resync');
    expect(await firstOf(ada, `otherepoch.${pos}.${scope}`)).toBe('resync');
    expect(await firstOf(ada, 'nonsense')).toBe('resync');
    expect(await firstOf(ada, 'x'.repeat(500))).toBe('resync');
  });

  it('also where it was told to others of a conversation before one joined it', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada);
    const device = await listen(world, ada);
    const cursorOf = async (content: string) => {
      await world.say(ada, sessionId, content);
      return (await device.until((e) => e.type === 'message.created' && e.message.content === content))
        .cursor;
    };
    const before = await cursorOf('Before Ben came');
    await world.as(ada).session.addMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    const since = await cursorOf('Ben is here');
    await device.close();
    expect([await firstOf(ben, before), await firstOf(ben, since)]).toEqual(['resync', 'caught-up']);
  });
});

describe('old snapshot + events = fresh snapshot (invariant 10)', () => {
  const copies = async (who: Account) => {
    const { cursor, sessions, mine, threads, drafts, me } = await world.as(who).sync.snapshot();
    const bySession = new Map<string, SessionCopy>();
    for (const { messages, hasMore: _hasMore, unread: _unread, ...session } of sessions)
      bySession.set(session.id, { session, messages });
    const own: Record<string, unknown> = { me };
    for (const one of mine) own[`mine ${one.sessionId}`] = one.mine;
    for (const { sessionId: _of, ...mark } of threads) own[`thread ${mark.messageId}`] = mark.readSeq;
    for (const draft of drafts) own[`draft ${draft.sessionId}`] = [draft.content, draft.at];
    return { cursor, bySession, own };
  };

  /** Takes a snapshot, lets things happen, and expects the events to lead from it to a fresh one. */
  const verify = async (who: Account, happen: () => Promise<unknown>) => {
    const old = await copies(who);
    await happen();
    const fresh = await copies(who);
    const device = await listen(world, who, old.cursor);
    await device.close();
    for (const { event: raw } of device.heard) {
      const event = ChatEvent.parse(raw); // as a device does: what a field is by default is said once
      if (event.type === 'me.updated') old.own.me = event.me;
      if (!('sessionId' in event)) continue;
      // State of one's own beside the copies, newest value wins.
      if (event.type === 'session.mine') old.own[`mine ${event.sessionId}`] = event.mine;
      else if (event.type === 'thread.read') old.own[`thread ${event.messageId}`] = event.readSeq;
      else if (event.type === 'draft') old.own[`draft ${event.sessionId}`] = [event.content, event.at];
      if (event.type === 'session.mine' || event.type === 'thread.read' || event.type === 'draft') continue;
      const after = applyEvent(old.bySession.get(event.sessionId) ?? null, event as SessionEvent, who.userId);
      if (after) old.bySession.set(event.sessionId, after);
      else old.bySession.delete(event.sessionId);
    }
    expect(Object.fromEntries(old.bySession)).toEqual(Object.fromEntries(fresh.bySession));
    expect(old.own).toEqual(fresh.own);
  };

  it('for every kind of event', async () => {
    const [ada, ben, cleo] = [
      await world.person('Ada'),
      await world.person('Ben'),
      await world.person('Cleo'),
    ];
    const sessionId = await world.conversation(ada, [ben], true);
    const messageId = newMessageId();
    const id = () => newMutationId();
    await verify(ben, () => world.as(ada).session.create({ id: newSessionId(), memberIds: [ben.userId] }));
    await verify(ben, () => world.say(ada, sessionId, 'First', messageId));
    await verify(ben, () => world.say(ada, sessionId, '@jay are you there?'));
    await verify(ben, () => world.as(ada).session.update({ mutationId: id(), sessionId, title: 'Renamed' }));
    await verify(ben, () => world.as(ada).session.update({ mutationId: id(), sessionId, isActive: false }));
    const projectId = newProjectId();
    await world.as(ada).project.create({ id: projectId, title: 'Maize' });
    await verify(ben, () => world.as(ada).session.update({ mutationId: id(), sessionId, projectId }));
    await verify(ben, () =>
      world
        .as(ben)
        .session.update({ mutationId: id(), sessionId, context: { goal: 'A title', other: null } }),
    );
    await verify(ben, () => world.as(ada).project.delete({ mutationId: id(), projectId }));
    await verify(ben, () => world.as(ada).message.edit({ mutationId: id(), messageId, content: 'Edited' }));
    await verify(ben, () =>
      world.as(ben).message.react({ mutationId: id(), messageId, emoji: '👍', on: true }),
    );
    await verify(ada, () =>
      world.as(ada).message.react({ mutationId: id(), messageId, emoji: '👍', on: true }),
    );
    await verify(ben, () =>
      world.as(ben).message.react({ mutationId: id(), messageId, emoji: '👍', on: false }),
    );
    await verify(ada, () => world.as(ben).receipt.mark({ sessionId, deliveredSeq: 3, readSeq: 2 }));
    const { messages } = await world.as(ada).message.list({ sessionId });
    const answer = messages.find((m) => m.userId === agent);
    if (!answer) throw new Error('Agent Jay was not asked');
    await verify(ada, () =>
      world.as(ada).message.feedback({ mutationId: id(), messageId: answer.id, value: 'like' }),
    );
    await verify(ben, () => world.as(ada).message.pin({ mutationId: id(), messageId, on: true }));
    await verify(ben, () => world.as(ben).message.star({ mutationId: id(), messageId, on: true }));
    await verify(ada, () => world.as(ben).message.star({ mutationId: id(), messageId, on: false }));
    await verify(ben, () => world.as(ben).message.star({ mutationId: id(), messageId, on: true }));
    await verify(ben, () => world.as(ada).message.pin({ mutationId: id(), messageId, on: false }));
    const forwarded = { id: newMessageId(), messageId, sessionId };
    await verify(ben, () => world.as(ben).message.forward(forwarded));
    await verify(ada, () =>
      world.as(ben).message.delete({ mutationId: id(), messageId: forwarded.id, undo: true }),
    );
    await verify(ben, () =>
      world.as(ben).session.mine({ mutationId: id(), sessionId, pinned: true, archived: true }),
    );
    await verify(ben, () =>
      world.as(ben).session.mine({
        mutationId: id(),
        sessionId,
        archived: false,
        markedUnread: true,
        mutedUntil: '2030-01-01T00:00:00.000Z',
      }),
    );
    await verify(ben, () => world.as(ben).thread.read({ sessionId, messageId, readSeq: 3 }));
    await verify(ben, () => world.as(ben).thread.read({ sessionId, messageId, readSeq: 2 }));
    await verify(ben, () =>
      world.as(ada).session.setRole({ mutationId: id(), sessionId, userId: ben.userId, role: 'owner' }),
    );
    await verify(ada, () =>
      world.as(ben).session.setRole({ mutationId: id(), sessionId, userId: ben.userId, role: 'member' }),
    );
    await verify(ben, () =>
      world.as(ada).session.update({ mutationId: id(), sessionId, maxParticipants: 20 }),
    );
    await verify(ben, () => world.as(ada).message.delete({ mutationId: id(), messageId }));
    await verify(ben, () =>
      world.as(ada).session.addMember({ mutationId: id(), sessionId, userId: cleo.userId }),
    );
    await verify(cleo, () =>
      world.as(ada).session.update({ mutationId: id(), sessionId, title: 'With Cleo' }),
    );
    await verify(cleo, () => world.as(ada).me.update({ name: 'Ada Lovelace' }));
    await verify(cleo, () => world.as(ben).session.leave({ mutationId: id(), sessionId }));
    await verify(ben, () => world.say(ada, sessionId, 'Ben is gone'));
    await verify(cleo, () =>
      world.as(ada).session.removeMember({ mutationId: id(), sessionId, userId: cleo.userId }),
    );
    const { token } = await world.as(ada).session.invite({ sessionId });
    await verify(cleo, () => world.as(cleo).session.join({ token }));
    await verify(cleo, () => world.as(ada).session.leave({ mutationId: id(), sessionId }));
  });

  it('for oneself, drafts and blocks', async () => {
    const [ben, cleo] = [await world.person('Ben'), await world.person('Cleo')];
    const sessionId = await world.conversation(ben);
    const id = () => newMutationId();
    for (const content of ['Half a sentence', ''])
      await verify(ben, () => world.as(ben).draft.set({ sessionId, content, at: new Date().toISOString() }));
    await verify(ben, () => world.as(ben).me.update({ settings: { tone: 'direct' } }));
    const other = { mutationId: id(), userId: cleo.userId };
    await world.conversation(cleo, [ben]);
    await verify(ben, () => world.as(ben).people.block({ ...other, on: true }));
    await verify(ben, () => world.as(cleo).me.update({ name: 'Cleopatra' }));
    await verify(ben, () => world.as(ben).people.block({ ...other, mutationId: id(), on: false }));
  });

  it('for the end of an answer, with what it took', async () => {
    const ada = await world.person('Ada');
    const sessionId = await world.conversation(ada, [], true);
    await world.say(ada, sessionId, 'How is maize counted?');
    const { messages } = await world.as(ada).message.list({ sessionId });
    const answer = messages.at(-1)?.id ?? newMessageId();
    const end = () =>
      finishTurn(world.log, { messageId: answer, sessionId }, 'queued', {
        ...nothingWritten,
        ...{ status: 'done', content: 'By the ear.', model: 'a-model', provider: 'a-provider' },
        ...{ promptTokens: 40, completionTokens: 9, timeToFirstTokenMs: 120, aiResponseTime: 1.5 },
        contextUsed: { messages: 3, tokens: 30 },
      });
    await verify(ada, async () => expect(await end()).toBe(true));
    expect((await world.as(ada).session.get({ sessionId })).tokensUsed).toBe(49);
  });

  it('for every kind of event of versions and branches', async () => {
    const ada = await world.person('Ada');
    const sessionId = await world.conversation(ada, [], true);
    const id = () => newMutationId();
    const [first, second] = [newMessageId(), newMessageId()];
    const send = (content: string, more: object = {}, messageId = newMessageId()) =>
      world.as(ada).message.send({ id: messageId, sessionId, content, ...more });
    await send('First', {}, first);
    await verify(ada, () => send('First, better', { branchOf: first }, second));
    await verify(ada, () => send('In its tail', { branch: second }));
    await verify(ada, () => world.as(ada).message.show({ mutationId: id(), messageId: first }));
    await world.database.prisma.agentTurn.updateMany({ where: { sessionId }, data: { status: 'stopped' } });
    const { messages } = await world.as(ada).message.list({ sessionId });
    const answer = messages.find((message) => message.turn !== null);
    if (!answer) throw new Error('Agent Jay was not asked');
    const again = { mutationId: id(), messageId: answer.id };
    await verify(ada, () => world.as(ada).agent.regenerate(again));
    await verify(ada, () => world.as(ada).message.show({ mutationId: id(), messageId: answer.id }));
    const third = newMessageId();
    await verify(ada, () => send('First, best', { branchOf: second }, third));
    await verify(ada, () => send('Follows what is shown'));
    const undo = (messageId: MessageId) =>
      world.as(ada).message.delete({ mutationId: id(), messageId, undo: true });
    await verify(ada, () => undo(third));
    await verify(ada, () => world.as(ada).message.show({ mutationId: id(), messageId: first }));
    await verify(ada, () => undo(first));
  });
});

describe('membership', () => {
  it('lets nothing that was committed after a removal reach the removed member (invariant 24)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const live = await listen(world, ben);
    const { cursor } = live.heard[0] ?? { cursor: '' };
    await Promise.all([
      world.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: ben.userId }),
      world.say(ada, sessionId, 'secret'),
    ]);
    await world.say(ada, sessionId, 'another secret');
    const { cursor: last } = await live.until((e) => e.type === 'member.left');
    await live.ended;
    await world.say(ben, await world.conversation(ben), 'still live');
    const back = await listen(world, ben, last);
    const replayed = await listen(world, ben, cursor);
    const left = (heard: { event: { type: string } }[]) =>
      heard.findIndex(({ event }) => event.type === 'member.left');
    expect(contentsOf(live.heard.slice(left(live.heard)))).toEqual([]);
    expect(contentsOf(replayed.heard.slice(left(replayed.heard)))).toEqual(['still live']);
    expect(contentsOf(back.heard)).toEqual(['still live']);
    await back.close();
    await replayed.close();
  });

  it('ends the streams of one who was removed, after telling so, and of nobody who goes by themself (invariant 24)', async () => {
    const [ada, ben, cleo] = [
      await world.person('Ada'),
      await world.person('Ben'),
      await world.person('Cleo'),
    ];
    const sessionId = await world.conversation(ada, [ben, cleo], true);
    const other = await world.conversation(ben, [cleo], true);
    const [adas, one, another, cleos] = [
      await listen(world, ada),
      await listen(world, ben),
      await listen(world, ben),
      await listen(world, cleo),
    ];
    await world.as(cleo).session.leave({ mutationId: newMutationId(), sessionId });
    await world.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    await Promise.all([one.ended, another.ended]);
    for (const { heard } of [one, another])
      expect(heard.at(-1)?.event).toMatchObject({ type: 'member.left', userId: ben.userId, by: ada.userId });
    // Those who stay, and who left by themselves, hear on.
    await world.say(ada, sessionId, 'to whoever stays');
    await world.say(ben, other, 'elsewhere');
    await adas.until((e) => e.type === 'message.created' && e.message.content === 'to whoever stays');
    await cleos.until((e) => e.type === 'message.created' && e.message.content === 'elsewhere');
    await adas.close();
    await cleos.close();
  });

  it('goes on with an answer elsewhere for one who was removed, from where it was cut (invariants 15 and 24)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const elsewhere = await world.conversation(ben, [], true);
    const messageId = newMessageId();
    world.hub.beginAnswer(elsewhere, messageId);
    const live = await listen(world, ben);
    world.hub.extendAnswer(elsewhere, messageId, 'One, ');
    await live.until((e) => e.type === 'turn.delta');
    await world.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    await live.ended;
    world.hub.extendAnswer(elsewhere, messageId, 'two');
    const back = await listen(world, ben, live.heard.at(-1)?.cursor);
    expect(back.heard.filter(({ event }) => event.type === 'turn.delta').map(({ event }) => event)).toEqual([
      { type: 'turn.delta', sessionId: elsewhere, messageId, offset: 0, text: 'One, two' },
    ]);
    await back.close();
  });

  it('keeps whoever waits for one answer alone waiting for it when they are removed elsewhere', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const [shared, about] = [await world.conversation(ada, [ben]), await world.conversation(ben)];
    const { userId, authSessionId } = ben;
    const expiresAt = new Date(Date.now() + 60_000);
    const waits = world.services
      .subscribe({ userId, authSessionId, expiresAt, about }, null)
      [Symbol.asyncIterator]();
    expect(await waits.next()).toMatchObject({ value: { 1: { type: 'caught-up' } } });
    await world
      .as(ada)
      .session.removeMember({ mutationId: newMutationId(), sessionId: shared, userId: ben.userId });
    await world.say(ben, about, 'A question');
    expect(await waits.next()).toMatchObject({ value: { 1: { type: 'member.left' } } });
    expect(await waits.next()).toMatchObject({ value: { 1: { type: 'message.created' } } });
    await waits.return?.();
  });

  it('shows a newcomer what is said from then on', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada);
    await world.say(ada, sessionId, 'before Ben');
    const device = await listen(world, ben);
    const { token } = await world.as(ada).session.invite({ sessionId });
    await world.as(ben).session.join({ token });
    await world.say(ada, sessionId, 'after Ben');
    await device.until((e) => e.type === 'message.created');
    expect(device.heard.map(({ event }) => event.type)).toEqual([
      'caught-up',
      'member.joined',
      'message.created',
    ]);
    expect((await world.as(ben).message.list({ sessionId })).messages.map((m) => m.content)).toEqual([
      'after Ben',
    ]);
    await device.close();
  });

  it('removes the words of a deleted message from the log too', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const { cursor } = await world.as(ben).sync.snapshot();
    const { id: messageId } = await world.say(ada, sessionId, 'regretted');
    await world.as(ada).message.edit({ mutationId: newMutationId(), messageId, content: 'regretted too' });
    await world.as(ada).message.delete({ mutationId: newMutationId(), messageId });
    const device = await listen(world, ben, cursor);
    expect(JSON.stringify(device.heard)).not.toContain('regretted');
    await device.close();
  });
});

describe('ephemeral events', () => {
  it('tells others who is typing, and takes it back by itself (invariant 14)', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const [adas, bens] = [await listen(world, ada), await listen(world, ben)];
    await world.as(ada).typing.set({ sessionId, isTyping: true });
    const { event } = await bens.until((e) => e.type === 'typing');
    expect(event).toMatchObject({ sessionId, userId: ada.userId, isTyping: true, expiresInMs: 6000 });
    await world.say(ada, sessionId, 'Done');
    await bens.until((e) => e.type === 'typing' && !e.isTyping);
    expect(adas.heard.some((h) => h.event.type === 'typing')).toBe(false);
    await adas.close();
    await bens.close();
  });

  it('gives whoever joins in the middle of an answer all of it so far', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const messageId = newMessageId();
    const early = await listen(world, ada);
    world.hub.extendAnswer(sessionId, messageId, 'Stratified ');
    world.hub.extendAnswer(sessionId, messageId, 'sampling ');
    const late = await listen(world, ada);
    world.hub.extendAnswer(sessionId, messageId, 'fits.');
    await late.until((e) => e.type === 'turn.delta' && e.text === 'fits.');
    await early.until((e) => e.type === 'turn.delta' && e.text === 'fits.');
    const text = (heard: typeof late.heard) => {
      let all = '';
      for (const { event } of heard)
        if (event.type === 'turn.delta') all = all.slice(0, event.offset) + event.text;
      return all;
    };
    expect(text(early.heard)).toBe('Stratified sampling fits.');
    expect(text(late.heard)).toBe('Stratified sampling fits.');
    expect(late.heard.filter((h) => h.event.type === 'turn.delta')).toHaveLength(2);
    await late.close();
  });

  it('says that someone came and went', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    await world.conversation(ada, [ben]);
    const adas = await listen(world, ada);
    await world.as(ben).presence.set({ status: 'busy', activity: 'reading' });
    const { event } = await adas.until((e) => e.type === 'presence');
    expect(event).toMatchObject({ userId: ben.userId, status: 'busy', activity: 'reading' });
    await adas.close();
  });
});

it('reads the log for what another node wrote', async () => {
  const ada = await world.person();
  const sessionId = await world.conversation(ada);
  const device = await listen(world, ada);
  const { Log } = await import('../../server/log/log.ts');
  // A second node appends to the same database and tells nobody.
  const elsewhere = new Log(
    world.database,
    () => {},
    () => {},
  );
  await elsewhere.send({
    id: newMessageId(),
    sessionId,
    userId: ada.userId,
    content: 'from node two',
    parentId: null,
    hash: 'h',
    mentionsAgent: false,
    isPlaced: false,
    hasFiles: false,
  });
  await device.until((e) => e.type === 'message.created' && e.message.content === 'from node two');
  await world.say(ada, sessionId, 'from node one');
  await device.until((e) => e.type === 'message.created' && e.message.content === 'from node one');
  await device.close();
});
