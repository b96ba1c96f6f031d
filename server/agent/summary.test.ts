import { describe, expect, it } from 'vitest';
import { newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { answering } from '../../tests/support/answering.ts';
import type { ModelCall } from '../../tests/support/scripted-model.ts';
import type { World } from '../../tests/support/world.ts';
import type { Account } from '../domain/account.ts';
import { claimTurn } from '../store/turn-sql.ts';
import { readContext } from './context.ts';
import { finishTurn, nothingWritten } from './finish-turn.ts';
import { handbookDir } from './guide/handbook-dir.ts';
import { createGuideModel } from './guide/model.ts';
import { createProvider, type Speaker } from './providers/provider.ts';
import { summarise } from './summary.ts';

let world: World;
const { modelThat } = answering((made) => {
  world = made;
});

const limits = { characters: 300, messages: 6, keptCharacters: 120, keptMessages: 2 };
const never = new AbortController().signal;

async function modelThatSums(
  onWish: (call: ModelCall) => void,
): Promise<{ speaker: Speaker; calls: ModelCall[] }> {
  const model = await modelThat({ onWish });
  return { speaker: model.provider.chain[0], calls: model.wishes };
}

/** Asks, answers, and lets the model sum up where it is time to; resolves with what the answer was given. */
async function exchange(
  who: Account,
  sessionId: SessionId,
  question: string,
  answer: string,
  speaker: Speaker,
  more: object = {},
) {
  const { database, log } = world;
  const sent = await world
    .as(who)
    .message.send({ id: newMessageId(), sessionId, content: question, ...more });
  const turn = await claimTurn(database.pool, 'test', 60_000);
  if (!turn) throw new Error('nothing waits');
  const context = await readContext(database, turn);
  const ref = { messageId: turn.messageId, sessionId: turn.sessionId } as Parameters<typeof finishTurn>[1];
  await finishTurn(log, ref, { lease: 'test' }, { ...nothingWritten, status: 'done', content: answer });
  await summarise({ database, log }, speaker, turn, never, limits);
  return { questionId: sent.id, context };
}

const wordsOf = (calls: readonly ModelCall[]) => JSON.stringify(calls.map(({ body }) => body));

/** More in one branch than is read of a conversation. */
async function sayMuch(who: Account, sessionId: SessionId, branch: string): Promise<void> {
  const { prisma } = world.database;
  const { lastSeq } = await prisma.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
  const rows = Array.from({ length: 150 }, (_, n) => ({
    id: newMessageId(),
    sessionId,
    seq: lastSeq + n + 1,
    userId: who.userId,
    role: 'user',
    content: `New thought ${n}`,
    sendHash: '',
    branch,
    createdAt: new Date(),
  }));
  await prisma.chatMessage.createMany({ data: rows });
  await prisma.chatSession.update({
    where: { id: sessionId },
    data: { lastSeq: lastSeq + rows.length },
  });
}

const stored = (sessionId: SessionId) =>
  world.database.prisma.sessionSummary.findUnique({ where: { sessionId } });

describe('the summary of a long conversation', () => {
  it('takes the place of its older part, goes on from the last one, and leaves no hole', async () => {
    const { speaker, calls } = await modelThatSums((call) =>
      call.reply('{"summary": "They spoke of maize."}'),
    );
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    for (let n = 1; n <= 10; n += 1)
      await exchange(
        ada,
        sessionId,
        `Question ${n} ${'?'.repeat(40)}`,
        `Answer ${n} ${'.'.repeat(40)}`,
        speaker,
      );
    const summary = await stored(sessionId);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.at(-1)?.system).toContain('"They spoke of maize."');
    const { context } = await exchange(ada, sessionId, 'And now?', 'Now.', speaker);
    expect(context?.system).toContain('"They spoke of maize."');
    expect(context?.used.summaryUpTo).toBe(summary?.coversSeq);
    // Everything that the summary does not cover is there word for word, and nothing of what it covers.
    const { messages } = await world.as(ada).message.list({ sessionId });
    const after = messages.filter((m) => m.seq > (summary?.coversSeq ?? 0) && m.content !== 'Now.');
    expect(context?.messages.map((m) => m.content)).toEqual(after.map((m) => m.content));
  });

  it('is not told where somebody joined after what it covers (a group’s rule), and is written anew', async () => {
    const { speaker } = await modelThatSums((call) => call.reply('{"summary": "Before Cleo."}'));
    const [ada, ben] = [await world.person('Ada'), await world.person('Ben')];
    const sessionId = await world.conversation(ada, [ben], true);
    for (let n = 1; n <= 5; n += 1)
      await exchange(ada, sessionId, `@jay question ${n} ${'?'.repeat(40)}`, '.'.repeat(60), speaker);
    const first = await stored(sessionId);
    expect(first?.content).toBe('Before Cleo.');
    const cleo = await world.person('Cleo');
    await world.as(ada).session.addMember({ mutationId: newMutationId(), sessionId, userId: cleo.userId });
    const { context } = await exchange(cleo, sessionId, '@jay what did I miss?', 'Ask Ada.', speaker);
    expect(JSON.stringify(context)).not.toMatch(/Before Cleo|question \d/);
    for (let n = 1; n <= 5; n += 1)
      await exchange(cleo, sessionId, `@jay later ${n} ${'?'.repeat(40)}`, '.'.repeat(60), speaker);
    const member = await world.database.prisma.chatMember.findUniqueOrThrow({
      where: { sessionId_userId: { sessionId, userId: cleo.userId } },
    });
    expect((await stored(sessionId))?.fromSeq).toBeGreaterThanOrEqual(member.joinSeq);
  });

  it('goes when words that it covers are deleted or changed, also while it is being written', async () => {
    let meanwhile: (() => Promise<unknown>) | null = null;
    const { speaker } = await modelThatSums(async (call) => {
      await meanwhile?.();
      call.reply('{"summary": "A secret."}');
    });
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const ids = [];
    for (let n = 1; n <= 4; n += 1)
      ids.push(
        (await exchange(ada, sessionId, `Question ${n} ${'?'.repeat(40)}`, '.'.repeat(60), speaker))
          .questionId,
      );
    expect((await stored(sessionId))?.content).toBe('A secret.');
    const [first, second] = ids;
    if (!first || !second) throw new Error('nothing was asked');
    await world.as(ada).message.delete({ mutationId: newMutationId(), messageId: first });
    expect(await stored(sessionId)).toBeNull();
    meanwhile = () =>
      world.as(ada).message.edit({ mutationId: newMutationId(), messageId: second, content: 'Harmless' });
    await exchange(ada, sessionId, `Question 5 ${'?'.repeat(40)}`, '.'.repeat(60), speaker);
    expect(await stored(sessionId)).toBeNull();
  });

  it('tells of one version of a question and what it led to, and never of another', async () => {
    let told = 0;
    const { speaker, calls } = await modelThatSums((call) => {
      told += 1;
      call.reply(JSON.stringify({ summary: `Summary ${told}.` }));
    });
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const talk = (name: string, more: object = {}) =>
      exchange(ada, sessionId, `${name} ${'?'.repeat(40)}`, `Re ${name} ${'.'.repeat(40)}`, speaker, more);
    await talk('Begin 1');
    const forked = await talk('Fork');
    for (let n = 1; n <= 5; n += 1) await talk(`Old ${n}`);
    const old = await stored(sessionId);
    expect([old?.versions, old?.coversSeq]).toEqual([[], expect.any(Number)]);
    expect(wordsOf(calls)).toContain('Old 1');

    const before = calls.length;
    // Asked again in other words, before all that the summary covers: nothing of the old tail is told.
    const anew = await talk('Anew', { branchOf: forked.questionId });
    expect(anew.context?.used.summaryUpTo).toBeNull();
    expect(JSON.stringify(anew.context)).not.toMatch(/Old|Summary/);
    expect(anew.context?.messages[0]?.content).toMatch(/^Begin 1/);

    // The other version grows long as well, and gets a summary of its own path.
    for (let n = 1; n <= 6; n += 1) await talk(`New ${n}`);
    const own = await stored(sessionId);
    expect(own?.versions).toEqual([anew.questionId]);
    expect(wordsOf(calls.slice(before))).not.toMatch(/Old/);
    const { context } = await talk('And now?');
    expect(context?.system).toContain(own?.content);
    expect(context?.used.summaryUpTo).toBe(own?.coversSeq);
    expect(JSON.stringify(context?.messages)).not.toMatch(/Old/);

    await sayMuch(ada, sessionId, anew.questionId);
    // Turned back, the first version is answered from its own past, however much was said in the other one meanwhile.
    const back = await talk('Back', { branch: null });
    expect(JSON.stringify(back.context)).not.toMatch(/New|Anew|Summary/);
    expect(back.context?.messages.map(({ content }) => String(content).slice(0, 7))).toContain('Begin 1');
  });

  it('by the built-in guide says what was asked and looked up, and nothing else', async () => {
    const [guide] = createProvider([], createGuideModel({ handbookDir, pace: 0 })).chain;
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const sources = `${'.'.repeat(60)}\n\nSources: Handbook 23, Sample size · Handbook 20, Sampling methods`;
    for (const question of [
      'Hello',
      'How large is my sample?',
      'Which test? I have two groups.',
      'Who reads it?',
      'And then?',
    ])
      await exchange(ada, sessionId, question, sources, guide);
    expect((await stored(sessionId))?.content).toBe(
      'Asked: How large is my sample? · Which test? · Who reads it?\nLooked up in the handbook: Sample size · Sampling methods',
    );
  });
});
