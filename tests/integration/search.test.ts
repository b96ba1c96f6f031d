import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { rangesOf, wordsOf } from '../../server/domain/search-ranges.ts';
import { SEARCH, searchValues } from '../../server/store/search-sql.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function said(who: Account, sessionId: SessionId, ...texts: string[]): Promise<void> {
  for (const content of texts) await world.as(who).message.send({ id: newMessageId(), sessionId, content });
}

const textsOf = async (who: Account, query: string, filter: object = {}) =>
  (await world.as(who).message.search({ query, ...filter })).hits.map((hit) => hit.message.content);

/** What is marked in each hit. */
const markedOf = async (who: Account, query: string) =>
  (await world.as(who).message.search({ query })).hits.map(({ message, ranges }) =>
    ranges.map(([start, end]) => message.content.slice(start, end)),
  );

describe('a search', () => {
  it.each(['2026-02-30T00:00:00.000Z', '2026-01-01T24:00:00.000Z', '0000-01-01T00:00:00.000Z'])(
    'refuses a day that no calendar has, and says where: %s',
    async (at) => {
      const ada = await world.person();
      for (const filter of [{ from: at }, { to: at }])
        await expect(world.as(ada).message.search({ query: 'x', ...filter })).rejects.toThrow(
          'There is no such time',
        );
    },
  );

  it('finds beginnings, other forms of English words, and words without their accents; marks each', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    await said(ada, sessionId, 'Le résumé est prêt', 'My questionnaires are ready', 'Two studies, one study');
    expect(await textsOf(ada, 'RESUME')).toEqual(['Le résumé est prêt']);
    expect(await textsOf(ada, 'prêt resu')).toEqual(['Le résumé est prêt']);
    expect(await markedOf(ada, 'resum')).toEqual([['résum']]);
    expect(await markedOf(ada, 'questi')).toEqual([['questi']]);
    expect(await markedOf(ada, 'study')).toEqual([['studies', 'study']]);
    expect(await textsOf(ada, 'ready prêt')).toEqual([]);
    expect(await textsOf(ada, `it's & | ! :* ' \\`)).toEqual([]);
  });

  it('puts what says the word itself before what says another form, and pages on without a hole or a double', async () => {
    const ada = await world.person();
    const sessionId = await world.conversation(ada);
    await said(ada, sessionId, 'sampling', ...Array.from({ length: 7 }, (_, i) => `samples for group ${i}`));
    expect((await textsOf(ada, 'sampling'))[0]).toBe('sampling');
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await world
        .as(ada)
        .message.search({ query: 'sampl', limit: 3, ...(after ? { after } : {}) });
      seen.push(...page.hits.map((hit) => hit.message.content));
      after = page.after;
      // Somebody goes on writing meanwhile.
      await said(ada, sessionId, 'unrelated');
    } while (after);
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
    await expect(world.as(ada).message.search({ query: 'x', after: 'nonsense' })).rejects.toThrow('“after”');
  });

  it('shows nobody what is not theirs to see: before joining, after leaving, deleted, or others’ altogether', async () => {
    const [ada, ben, eve] = [await world.person(), await world.person(), await world.person()];
    const sessionId = await world.conversation(ada, [ben]);
    await said(ada, sessionId, 'giraffe one');
    await world.as(ada).session.addMember({ mutationId: newMutationId(), sessionId, userId: eve.userId });
    await said(ada, sessionId, 'giraffe two');
    expect(await textsOf(eve, 'giraffe')).toEqual(['giraffe two']);
    const { messages } = await world.as(ada).message.list({ sessionId });
    const two = messages.find((message) => message.content === 'giraffe two');
    if (two) await world.as(ada).message.delete({ mutationId: newMutationId(), messageId: two.id });
    expect(await textsOf(ada, 'giraffe')).toEqual(['giraffe one']);
    await world.as(ben).session.leave({ mutationId: newMutationId(), sessionId });
    expect(await textsOf(ben, 'giraffe')).toEqual([]);
    await expect(world.as(ben).message.search({ query: 'giraffe', sessionId })).rejects.toThrow();
  });

  it('is narrowed to a person, a conversation, a time, a kind', async () => {
    const [ada, ben] = [await world.person(), await world.person()];
    const [here, there] = [await world.conversation(ada, [ben]), await world.conversation(ada, [ben])];
    await said(ada, here, 'walrus from Ada');
    await said(ben, there, 'walrus from Ben');
    expect(await textsOf(ada, 'walrus', { userId: ben.userId })).toEqual(['walrus from Ben']);
    expect(await textsOf(ada, 'walrus', { sessionId: here })).toEqual(['walrus from Ada']);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await textsOf(ada, 'walrus', { from: tomorrow })).toEqual([]);
    expect(await textsOf(ada, 'walrus', { to: tomorrow })).toHaveLength(2);
    expect(await textsOf(ada, 'walrus', { kind: 'answer' })).toEqual([]);
    const message = await world.database.prisma.chatMessage.findFirstOrThrow({ where: { sessionId: here } });
    await world.database.prisma.chatMessage.update({
      where: { id: message.id },
      data: { fileNames: 'zoo_plan-final.pdf' },
    });
    expect(await textsOf(ada, 'walrus', { kind: 'file' })).toEqual(['walrus from Ada']);
    expect(await textsOf(ada, 'zoo plan')).toEqual(['walrus from Ada']);
  });

  it('looks rare words up in its index and reads a handful of thirty thousand messages', async () => {
    const [ada, ben] = [await world.person(), await world.person()];
    const [mine, others] = [await world.conversation(ada), await world.conversation(ben)];
    const { pool } = world.database;
    for (const [sessionId, userId] of [
      [mine, ada.userId],
      [others, ben.userId],
    ])
      await pool.query(
        `INSERT INTO "ChatMessage" (id, "sessionId", seq, "userId", role, content, "sendHash", "createdAt")
         SELECT $1 || '-' || n, $1, n + 10, $2, 'user', 'common words about things, and number ' || md5(n::text), '', now()
         FROM generate_series(1, 15000) n`,
        [sessionId, userId],
      );
    const { rows } = await pool.query<{ word: string }>(`SELECT md5('777') AS word`);
    const wordOf777 = rows[0]?.word ?? '';
    await pool.query('ANALYZE "ChatMessage"');
    const words = ['thing', wordOf777];
    const values = searchValues({ userId: ada.userId, words, byUserId: null, limit: 20, after: null });
    const plan = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${SEARCH}`, values);
    const scans: { index: string; rows: number }[] = [];
    JSON.stringify(plan.rows, (_, node) => {
      if (node?.['Index Name']) scans.push({ index: node['Index Name'], rows: node['Actual Rows'] });
      if (node?.['Node Type'] === 'Seq Scan') expect(node['Relation Name']).not.toBe('ChatMessage');
      return node;
    });
    const found = scans.find((scan) => scan.index === 'ChatMessage_search');
    expect(found?.rows).toBeLessThan(10);
  });
});

describe('what is marked', () => {
  it.each([
    ['Café au lait', 'caf', [[0, 3]]],
    ['Cafe\u0301 au lait', 'cafe', [[0, 5]]],
    [
      'naïve Naïveté',
      'naiv',
      [
        [0, 4],
        [6, 10],
      ],
    ],
    ['👍 thumbs', 'thu', [[3, 6]]],
  ])('in “%s” for “%s”', (content, query, ranges) => {
    expect(rangesOf(content, wordsOf(query))).toEqual(ranges);
  });
});
