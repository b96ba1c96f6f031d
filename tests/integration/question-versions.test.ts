import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { branchShown, isShown } from '../../protocol/forks.ts';
import { type MessageId, newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { createPlainChatDomain } from '../../server/http/plain-chat-domain.ts';
import { agent, createWorld, type World } from '../support/world.ts';

let world: World;
let ada: Account;
let sessionId: SessionId;
let first: MessageId;
let second: MessageId;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

/** A question that was asked in two versions, of which the second is shown. */
beforeEach(async () => {
  ada = await world.person('Ada');
  sessionId = await world.conversation(ada, [], true);
  [first, second] = [newMessageId(), newMessageId()];
  await send(ada, 'How?', {}, first);
  await send(ada, 'How exactly?', { branchOf: first }, second);
});

const send = (who: Account, content: string, more: object = {}, id = newMessageId()) =>
  world.as(who).message.send({ id, sessionId, content, ...more });
const show = (messageId: MessageId) => world.as(ada).message.show({ mutationId: newMutationId(), messageId });
const remove = (messageId: MessageId, undo?: true) =>
  world.as(ada).message.delete({ mutationId: newMutationId(), messageId, undo });
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error) => error.cause?.reason ?? error.reason,
  );

/** What stands in the conversation, oldest first. */
const all = async (who = ada) => (await world.as(who).message.list({ sessionId })).messages;
/** What of it is shown. */
async function shown(who = ada) {
  const { forks } = await world.as(who).session.get({ sessionId });
  return (await all(who)).filter(
    ({ id, seq, branch, withdrawn }) => !withdrawn && isShown(forks, { id, place: seq, branch }),
  );
}
const wordsOf = (messages: Awaited<ReturnType<typeof all>>) =>
  messages.filter(({ turn }) => !turn).map(({ content }) => content);

describe('a conversation with versions of a question', () => {
  it('is written in by everybody in it, once it is no longer for Agent Jay alone', async () => {
    const ben = await world.person('Ben');
    await world.as(ada).session.addMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    await send(ada, 'Look, Ben', { branch: second });
    await send(ben, '@jay why?', { branch: second });
    expect(wordsOf(await shown())).toEqual(['How exactly?', 'Look, Ben', '@jay why?']);
    // Among people he answers only whoever speaks to him, as everywhere.
    const answers = (await all(ben)).filter(({ turn }) => turn !== null);
    expect(answers.map(({ branch }) => branch)).toEqual([second]);
    expect((await all(ben)).map(({ content }) => content)).toEqual(['Look, Ben', '@jay why?', '']);
    expect(await reasonOf(send(ada, 'How on earth?', { branchOf: second }))).toBe('CONFLICT');
  });

  it('keeps an answer that stands when its question is gone, or Agent Jay is, and it cannot be written anew', async () => {
    await world.database.prisma.agentTurn.updateMany({ where: { sessionId }, data: { status: 'stopped' } });
    await world.database.prisma.chatMessage.updateMany({
      where: { sessionId, role: 'assistant' },
      data: { content: 'An answer' },
    });
    const [one, other] = (await all()).filter(({ turn }) => turn !== null);
    if (!one || !other) throw new Error('Each question has an answer');
    const again = (verb: 'regenerate' | 'continue', { id: messageId } = other) =>
      reasonOf(world.as(ada).agent[verb]({ mutationId: newMutationId(), messageId }));
    await remove(first);
    expect([await again('regenerate', one), await again('continue', one)]).toEqual(['CONFLICT', 'CONFLICT']);
    const change = { sessionId, userId: agent };
    await world.as(ada).session.removeMember({ mutationId: newMutationId(), ...change });
    expect([await again('regenerate'), await again('continue')]).toEqual(['CONFLICT', 'CONFLICT']);
    expect((await all()).filter(({ turn }) => turn !== null)).toEqual([one, other]);
    await world.as(ada).session.addMember({ mutationId: newMutationId(), ...change });
    expect(await again('continue')).toBe('none');
  });

  it('is written in when Agent Jay is gone, and then nobody is asked', async () => {
    await world.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: agent });
    const before = (await all()).length;
    await send(ada, 'To myself', { branch: second });
    expect((await all()).slice(before).map(({ content }) => content)).toEqual(['To myself']);
  });

  it('gives a repeated send its first result, whoever left meanwhile (invariant 2)', async () => {
    const ben = await world.person('Ben');
    await world.as(ada).session.addMember({ mutationId: newMutationId(), sessionId, userId: ben.userId });
    const id = newMessageId();
    const sent = await send(ben, 'Bye', { branch: second }, id);
    await world.as(ben).session.leave({ mutationId: newMutationId(), sessionId });
    expect(await send(ben, 'Bye', { branch: second }, id)).toEqual({ ...sent, duplicate: true });
    expect(await reasonOf(send(ben, 'Hello again', { branch: second }))).toBe('FORBIDDEN');
  });
});

describe('a message that names no branch', () => {
  it('follows what is shown, and so does its answer', async () => {
    await send(ada, 'And then?');
    expect(wordsOf(await shown())).toEqual(['How exactly?', 'And then?']);
    expect((await all()).slice(-2).map(({ branch, turn }) => [branch, turn !== null])).toEqual([
      [second, false],
      [second, true],
    ]);
    await show(first);
    await send(ada, 'In the trunk');
    expect(wordsOf(await shown())).toEqual(['How?', 'In the trunk']);
  });

  it('is told from one that its author saw in the trunk', async () => {
    await send(ada, 'Said while the first version was on screen', { branch: null });
    expect((await all()).at(-2)?.branch).toBeNull();
  });

  it('is forwarded to where it is seen', async () => {
    const elsewhere = await world.conversation(ada);
    const { id: messageId } = await world.as(ada).message.send({
      id: newMessageId(),
      sessionId: elsewhere,
      content: 'Worth asking',
    });
    const forward = { id: newMessageId(), messageId, sessionId };
    await world.as(ada).message.forward(forward);
    expect(wordsOf(await shown())).toEqual(['How exactly?', 'Worth asking']);
    expect((await all()).at(-1)).toMatchObject({ branch: second, turn: { status: 'streaming' } });
  });

  it('has one effect, also when another version is shown by the time it is sent again (invariant 2)', async () => {
    const plain = createPlainChatDomain({
      domain: world.domain,
      listen: () => {
        throw new Error('nobody listens');
      },
    });
    const input = { id: newMessageId(), sessionId, content: 'From a script', attachmentIds: [] };
    const sent = await plain.sendMessage(ada, input);
    await show(first);
    expect(await plain.sendMessage(ada, input)).toEqual({ ...sent, duplicate: true });
    await show(second);
    expect(await plain.sendMessage(ada, input)).toEqual({ ...sent, duplicate: true });
    const trunk = { ...input, id: newMessageId() };
    await show(first);
    const early = await plain.sendMessage(ada, trunk);
    await show(second);
    expect(await plain.sendMessage(ada, trunk)).toEqual({ ...early, duplicate: true });
    expect(wordsOf(await all()).filter((words) => words === input.content)).toHaveLength(2);
  });

  it('keeps the order in which it was written among others (invariants 3 and 4)', async () => {
    const words = Array.from({ length: 12 }, (_, n) => `Thought ${n}`);
    const entries = words.map((content, n) => ({
      mutationId: newMutationId(),
      op: 'message.send',
      input: { id: newMessageId(), sessionId, content, ...(n % 3 ? {} : { branch: second }) },
    }));
    const { results } = await world.as(ada).outbox.push({ mutations: entries });
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(wordsOf(await shown())).toEqual(['How exactly?', ...words]);
  });
});

describe('a version that is taken back', () => {
  it('makes room for the other one', async () => {
    await remove(second, true);
    expect(wordsOf(await shown())).toEqual(['How?']);
    const { forks } = await world.as(ada).session.get({ sessionId });
    expect(forks[first]).toMatchObject({ all: [first], shown: first });
    await send(ada, 'Going on');
    expect(wordsOf(await shown())).toEqual(['How?', 'Going on']);
    expect(await reasonOf(show(second))).toBe('CONFLICT');
  });

  it('and was the first makes room for the newest', async () => {
    await show(first);
    await remove(first, true);
    expect(wordsOf(await shown())).toEqual(['How exactly?']);
    const third = newMessageId();
    await send(ada, 'How, then?', { branchOf: second }, third);
    const { forks } = await world.as(ada).session.get({ sessionId });
    expect(forks[first]).toMatchObject({ all: [second, third], shown: third });
    expect(branchShown(forks)).toBe(third);
  });

  it('stays as a tombstone when it is deleted in any other way', async () => {
    await remove(second);
    expect((await shown()).find(({ id }) => id === second)?.deletedAt).not.toBeNull();
  });
});
