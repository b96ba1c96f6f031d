import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { agent, createWorld, type World } from '../support/world.ts';

let world: World;
let [ada, ben, cleo]: Account[] = [];
let sessionId: SessionId;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function group(): Promise<void> {
  [ada, ben, cleo] = [await world.person('Ada'), await world.person('Ben'), await world.person('Cleo')];
  sessionId = await world.conversation(ada as Account, [ben, cleo] as Account[], true);
}
const as = (who: Account | undefined) => world.as(who as Account); // set by `group`
const id = () => newMutationId();
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: { cause?: { reason?: string } }) => error.cause?.reason,
  );
const roles = async () => {
  const { members } = await as(ada ?? ben).session.get({ sessionId });
  return Object.fromEntries(members.map((member) => [member.name, member.role]));
};
const role = (who: Account | undefined, of: Account | undefined, to: 'owner' | 'member', handOver?: true) =>
  as(who).session.setRole({
    mutationId: id(),
    sessionId,
    userId: (of as Account).userId,
    role: to,
    ...(handOver ? { handOver } : {}),
  });

describe('who owns a group', () => {
  it('is shared, taken back and handed over by owners, and never nobody', async () => {
    await group();
    expect(await reasonOf(role(ada, ada, 'member'))).toBe('CONFLICT');
    await role(ada, ben, 'owner');
    expect(await roles()).toMatchObject({ Ada: 'owner', Ben: 'owner', Cleo: 'member' });
    await role(ben, ada, 'member');
    expect(await reasonOf(role(ada, ada, 'owner'))).toBe('FORBIDDEN');
    await role(ben, cleo, 'owner', true);
    expect(await roles()).toMatchObject({ Ada: 'member', Ben: 'member', Cleo: 'owner' });
  });

  it('passes to the longest-standing person only when the last owner leaves', async () => {
    await group();
    await role(ada, cleo, 'owner');
    await as(cleo).session.leave({ mutationId: id(), sessionId });
    expect(await roles()).toMatchObject({ Ada: 'owner', Ben: 'member' });
    await as(ada).session.leave({ mutationId: id(), sessionId });
    const { members } = await as(ben).session.get({ sessionId });
    expect(members.find((member) => member.userId === ben?.userId)?.role).toBe('owner');
  });

  it('takes as many people as its owner says, never fewer than are there', async () => {
    await group();
    const update = (maxParticipants: number) =>
      as(ada).session.update({ mutationId: id(), sessionId, maxParticipants });
    expect(await reasonOf(update(2))).toBe('CONFLICT');
    expect((await update(3)).maxParticipants).toBe(3);
    const { token } = await as(ada).session.invite({ sessionId });
    const dan = await world.person('Dan');
    expect(await reasonOf(world.as(dan).session.join({ token }))).toBe('CONFLICT');
  });
});

describe('invitations', () => {
  it('let people in until they are revoked, by their author or an owner', async () => {
    await group();
    const { token } = await as(ben).session.invite({ sessionId, expiresInHours: 1 });
    const other = await as(ada).session.invite({ sessionId });
    const tokens = async (who: Account | undefined) =>
      (await as(who).session.invites({ sessionId })).invitations.map((one) => one.token);
    expect((await tokens(ada)).sort()).toEqual([token, other.token].sort());
    expect(await tokens(ben)).toEqual([token]);
    expect(await reasonOf(as(cleo).session.revokeInvite({ sessionId, token }))).toBe('NOT_FOUND');
    await as(ada).session.revokeInvite({ sessionId, token });
    await as(ada).session.revokeInvite({ sessionId, token });
    expect(await tokens(ben)).toEqual([]);
    const dan = await world.person('Dan');
    expect(await reasonOf(world.as(dan).session.join({ token }))).toBe('NOT_FOUND');
    await world.as(dan).session.join({ token: other.token });
    expect(await roles()).toMatchObject({ Dan: 'member' });
  });
});

describe('a message after it was sent', () => {
  const say = async (who: Account | undefined, content: string) => {
    const messageId = newMessageId();
    await as(who).message.send({ id: messageId, sessionId, content });
    return messageId;
  };
  const seen = async (messageId: string) =>
    (await as(ben).message.list({ sessionId })).messages.find((one) => one.id === messageId);

  it('keeps what it said before each edit, until it is deleted', async () => {
    await group();
    const messageId = await say(ada, 'one');
    await as(ada).message.edit({ mutationId: id(), messageId, content: 'two' });
    await as(ada).message.edit({ mutationId: id(), messageId, content: 'three' });
    const { earlier } = await as(ben).message.history({ messageId });
    expect(earlier.map((one) => one.content)).toEqual(['one', 'two']);
    await as(ada).message.delete({ mutationId: id(), messageId });
    expect((await as(ben).message.history({ messageId })).earlier).toEqual([]);
    expect(
      (await world.database.prisma.chatEvent.findMany()).map((e) => JSON.stringify(e.payload)),
    ).not.toContain('two');
  });

  it('leaves no tombstone when it is taken back before anybody read it, and one when somebody had', async () => {
    await group();
    const unread = await say(ada, 'oops');
    await as(ada).message.delete({ mutationId: id(), messageId: unread, undo: true });
    expect(await seen(unread)).toMatchObject({ content: '', withdrawn: true });
    const read = await say(ada, 'oops again');
    await as(ben).receipt.mark({ sessionId, readSeq: 99 });
    await as(ada).message.delete({ mutationId: id(), messageId: read, undo: true });
    expect(await seen(read)).toMatchObject({ content: '', withdrawn: false });
    expect((await seen(read))?.deletedAt).not.toBeNull();
  });

  it('is forwarded once per id, as the forwarder’s own, only by who may see it', async () => {
    await group();
    const messageId = await say(ada, 'worth telling');
    const mine = await world.conversation(ben as Account);
    const forward = { id: newMessageId(), messageId, sessionId: mine };
    const [first, second] = [await as(ben).message.forward(forward), await as(ben).message.forward(forward)];
    expect([first.duplicate, second]).toEqual([false, { ...first, duplicate: true }]);
    const { messages } = await as(ben).message.list({ sessionId: mine });
    expect(messages).toMatchObject([{ content: 'worth telling', forwarded: true, userId: ben?.userId }]);
    const eve = await world.person('Eve');
    const hers = await world.conversation(eve);
    expect(
      await reasonOf(world.as(eve).message.forward({ id: newMessageId(), messageId, sessionId: hers })),
    ).toBe('NOT_FOUND');
    expect(await reasonOf(as(cleo).message.forward({ ...forward, messageId }))).toBe('ID_REUSED');
  });

  it('asks Agent Jay when it is forwarded to him alone', async () => {
    await group();
    const messageId = await say(ada, 'What is a research gap?');
    const alone = await world.conversation(ben as Account, [], true);
    await as(ben).message.forward({ id: newMessageId(), messageId, sessionId: alone });
    const { messages } = await as(ben).message.list({ sessionId: alone });
    expect(messages.map((one) => [one.userId === agent, one.turn?.status ?? null])).toEqual([
      [false, null],
      [true, 'streaming'],
    ]);
  });

  it('keeps the reactions of many people at once', async () => {
    await group();
    const messageId = await say(ada, 'react');
    const emoji = ['👍', '❤️', '🎉', '👀'];
    await Promise.all(
      [ada, ben, cleo].flatMap((who) =>
        emoji.map((one) => as(who).message.react({ mutationId: id(), messageId, emoji: one, on: true })),
      ),
    );
    const reactions = (await seen(messageId))?.reactions ?? {};
    expect(
      Object.entries(reactions)
        .map(([one, users]) => [one, users.length])
        .sort(),
    ).toEqual(emoji.map((one) => [one, 3]).sort());
  });

  it('gathers the replies to its replies in one thread', async () => {
    await group();
    const root = await say(ada, 'root');
    const reply = async (parentId: string, content: string) => {
      const messageId = newMessageId();
      await as(ben).message.send({ id: messageId, sessionId, content, parentId });
      return messageId;
    };
    const first = await reply(root, 'first');
    await reply(first, 'second');
    await say(ada, 'elsewhere');
    const { replies } = await as(cleo).message.thread({ messageId: root });
    expect(replies.map((one) => one.content)).toEqual(['first', 'second']);
  });
});
