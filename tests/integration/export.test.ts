import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MessageId, newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { exportAccount } from '../../server/domain/export-account.ts';
import { type ExportedConversation, exportConversations } from '../../server/domain/export-conversations.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const id = () => newMutationId();
const say = async (who: Account, sessionId: SessionId, content: string) => {
  const messageId = newMessageId();
  await world.as(who).message.send({ id: messageId, sessionId, content });
  return messageId;
};
const edit = (who: Account, messageId: MessageId, content: string) =>
  world.as(who).message.edit({ mutationId: id(), messageId, content });
const react = (who: Account, messageId: MessageId) =>
  world.as(who).message.react({ mutationId: id(), messageId, emoji: '👍', on: true });

async function conversationOf(who: Account, sessionId: SessionId): Promise<ExportedConversation> {
  for await (const one of exportConversations(world.domain, who))
    if (one.session.id === sessionId) return one;
  throw new Error('That conversation was not exported');
}

describe('an export of what is kept of somebody', () => {
  it('shows a conversation that they left as it stood then, and nothing that came later (invariant 24)', async () => {
    const [ada, ben, cem] = [await world.person('Ada'), await world.person('Ben'), await world.person('Cem')];
    const sessionId = await world.conversation(ada, [ben, cem]);
    await world.as(ada).session.update({ mutationId: id(), sessionId, title: 'Maize' });
    const [kept, changed, deleted] = [
      await say(ben, sessionId, 'kept'),
      await say(ben, sessionId, 'draft'),
      await say(ben, sessionId, 'words that are taken back'),
    ];
    await edit(ben, changed, 'as Cem knew it');
    await world.as(cem).message.star({ mutationId: id(), messageId: kept, on: true });
    await react(ada, kept);
    await world.as(cem).session.leave({ mutationId: id(), sessionId });

    await say(ada, sessionId, 'a secret after Cem went');
    await edit(ben, changed, 'a secret in old words');
    await react(ben, kept);
    await world.as(ben).message.delete({ mutationId: id(), messageId: deleted });
    await world.as(ada).session.update({ mutationId: id(), sessionId, title: 'A secret title' });
    await world.as(ben).me.update({ name: 'Secret Ben' });

    const exported = await conversationOf(cem, sessionId);
    expect(JSON.stringify(exported)).not.toMatch(/secret/i);
    expect(JSON.stringify(exported)).not.toContain('words that are taken back');
    expect(exported.session.title).toBe('Maize');
    expect(exported.names[ben.userId]).toBe('Ben');
    expect(exported.leftAt).not.toBeNull();
    expect(exported.earlier).toEqual({ [changed]: [{ content: 'draft', until: expect.any(String) }] });
    expect(
      exported.messages.map((m) => [m.content, m.reactions, m.starredAt !== null, m.deletedAt !== null]),
    ).toEqual([
      ['kept', { '👍': [ada.userId] }, true, false],
      ['as Cem knew it', {}, false, false],
      ['', {}, false, true],
    ]);
    const now = await conversationOf(ada, sessionId);
    expect([now.session.title, now.leftAt, now.messages.length, now.earlier[changed]?.length]).toEqual([
      'A secret title',
      null,
      4,
      2,
    ]);
  });

  it('begins anew with their last coming, also for who left again', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    for (const content of ['first stay', 'between', 'second stay']) {
      if (content === 'between') await world.as(ben).session.leave({ mutationId: id(), sessionId });
      if (content === 'second stay')
        await world.as(ada).session.addMember({ mutationId: id(), sessionId, userId: ben.userId });
      await say(ada, sessionId, content);
    }
    await world.as(ben).session.leave({ mutationId: id(), sessionId });
    const { messages } = await conversationOf(ben, sessionId);
    expect(messages.map(({ content }) => content)).toEqual(['second stay']);
  });

  it('holds their stars, pins, mutes, archive, marks in threads and what they told the staff of', async () => {
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben]);
    const messageId = await say(ben, sessionId, 'a thread begins');
    await world.as(ada).message.star({ mutationId: id(), messageId, on: true });
    await world
      .as(ada)
      .session.mine({ mutationId: id(), sessionId, pinned: true, archived: true, markedUnread: true });
    await world.as(ada).thread.read({ sessionId, messageId, readSeq: 2 });
    await world.as(ada).people.report({ mutationId: id(), messageId, reason: 'An insult' });
    const exported = await exportAccount(world.domain, ada);
    const at = expect.any(String);
    expect(exported).toMatchObject({
      stars: [{ sessionId, messageId, starredAt: at }],
      mine: [{ sessionId, mine: { pinnedAt: at, archivedAt: at, mutedUntil: null, markedUnread: true } }],
      threads: [{ sessionId, messageId, readSeq: 2 }],
      reports: [{ personId: ben.userId, messageId, content: 'a thread begins', reason: 'An insult' }],
    });
    const nothing = await exportAccount(world.domain, ben);
    expect([nothing.stars, nothing.mine, nothing.threads, nothing.reports]).toEqual([[], [], [], []]);
  });
});
