import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMessageId, newMutationId, newProjectId } from '../../protocol/ids.ts';
import type { Input } from '../../protocol/procedures.ts';
import { createPlainChatDomain } from '../../server/http/plain-chat-domain.ts';
import { agent, createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const id = () => newMutationId();

it('a list that staff ask for shows not how far a person reads in hiding', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const staff = { ...(await world.person('Sam')), role: 'consultant' as const };
  const sessionId = await world.conversation(ada, [ben]);
  await world.as(ada).message.send({ id: newMessageId(), sessionId, content: 'Read this' });
  const privacy = { showTyping: true, showPresence: true, showReading: false };
  await world.as(ben).me.update({ settings: { privacy } });
  await world.as(ben).receipt.mark({ sessionId, readSeq: 2 });
  const plainChat = createPlainChatDomain({
    domain: world.domain,
    listen: (subscriber) => world.services.subscribe(subscriber, null),
  });
  for (const [asking, readSeq] of [
    [staff, 0],
    [ada, 0],
    [ben, 2],
  ] as const) {
    const [listed] = await plainChat.listSessions(asking, ben.userId);
    expect(listed?.members.find((m) => m.userId === ben.userId)?.readSeq).toBe(readSeq);
  }
});

it('what one hides stays hidden when another setting changes, on any device', async () => {
  const ada = await world.person('Ada');
  const update = (settings: Input<'me.update'>['settings']) =>
    world.as(ada).me.update({ mutationId: id(), settings });
  await update({ privacy: { showPresence: false } });
  await update({ privacy: { showReading: false }, notifications: { enabled: true } });
  await update({ privacy: { showTyping: true }, notifications: {} });
  await update({ tone: 'formal', privacy: {} });
  expect((await world.as(ada).me.get()).settings).toMatchObject({
    tone: 'formal',
    privacy: { showTyping: true, showReading: false, showPresence: false },
    notifications: { enabled: true },
  });
});

it('stars on what was said before one came back are not listed (invariant 24)', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben]);
  const star = async (content: string) => {
    const messageId = newMessageId();
    await world.as(ada).message.send({ id: messageId, sessionId, content });
    await world.as(ben).message.star({ mutationId: id(), messageId, on: true });
  };
  await star('Before');
  await world.as(ben).session.leave({ mutationId: id(), sessionId });
  await world.as(ada).session.addMember({ mutationId: id(), sessionId, userId: ben.userId });
  await star('After');
  const { messages } = await world.as(ben).message.starred({});
  expect(messages.map(({ content }) => content)).toEqual(['After']);
});

it('what an answer was based on names a project only to those who may see it', async () => {
  const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
  const sessionId = await world.conversation(ada, [ben], true);
  const projectId = newProjectId();
  await world.as(ada).project.create({ id: projectId, title: 'Maize' });
  await world.as(ada).session.update({ mutationId: id(), sessionId, projectId });
  await world.as(ben).message.send({ id: newMessageId(), sessionId, content: '@jay which topic?' });
  const { messages } = await world.as(ben).message.list({ sessionId });
  const answer = messages.find((message) => message.userId === agent);
  if (!answer) throw new Error('Agent Jay was not asked');
  await world.database.prisma.agentTurn.update({
    where: { messageId: answer.id },
    data: { status: 'done', contextUsed: { messages: 1, tokens: 10, projectId, memoryIds: [] } },
  });
  const title = async () => (await world.as(ben).agent.context({ messageId: answer.id })).projectTitle;
  expect(await title()).toBe('Maize');
  await world.as(ada).session.update({ mutationId: id(), sessionId, projectId: null });
  expect(await title()).toBeNull();
});
