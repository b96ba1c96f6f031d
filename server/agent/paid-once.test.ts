import { describe, expect, it } from 'vitest';
import { type MessageId, newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import { answering } from '../../tests/support/answering.ts';
import { listen } from '../../tests/support/listen.ts';
import type { Script } from '../../tests/support/scripted-model.ts';
import type { World } from '../../tests/support/world.ts';
import type { Account } from '../domain/account.ts';
import { handbookDir } from './guide/handbook-dir.ts';
import { createGuideModel } from './guide/model.ts';
import { createLedger } from './ledger.ts';
import { createProvider } from './providers/provider.ts';
import { answerLimits } from './write-answer.ts';

let world: World;
const { modelThat, runnerWith, conversation, ask, stored } = answering((made) => {
  world = made;
});

const guide = () => createGuideModel({ handbookDir, pace: 0 });

const ended = async (who: Account, sessionId: SessionId, id: string) => {
  await expect
    .poll(async () => (await stored(who, sessionId, id)).turn?.status, { timeout: 8_000 })
    .not.toBe('streaming');
  return stored(who, sessionId, id);
};

const regenerate = (who: Account, messageId: MessageId, newest?: MessageId) =>
  world.as(who).agent.regenerate({ mutationId: newMutationId(), messageId, ...(newest ? { newest } : {}) });

describe('finished text is never generated twice (invariant 18, M5)', () => {
  it('two tabs that double-click "write again" get one new version, with one call', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Text.').finish() });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Once?');
    runner.wake();
    await ended(ada, sessionId, answerId);
    const clicks = await Promise.all(Array.from({ length: 4 }, () => regenerate(ada, answerId, answerId)));
    expect(new Set(clicks.map(({ messageId }) => messageId)).size).toBe(1);
    runner.wake();
    const [version] = clicks;
    if (!version) throw new Error('no version');
    await ended(ada, sessionId, version.messageId);
    // The slowest click of all comes when the new version stands already.
    expect((await regenerate(ada, answerId, answerId)).messageId).toBe(version.messageId);
    expect(model.answers).toHaveLength(2);
    // Whoever has seen it and asks again means it.
    await regenerate(ada, version.messageId, version.messageId);
    runner.wake();
    await model.asked(3);
  });

  it('the same wish sent again, after a reload or a lost acknowledgement, costs nothing', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Text.').finish() });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const question = { id: newMessageId(), sessionId, content: 'Once?' };
    for (let i = 0; i < 3; i += 1) await world.as(ada).message.send(question);
    const turn = await world.database.prisma.agentTurn.findFirstOrThrow({
      where: { questionId: question.id },
    });
    runner.wake();
    await ended(ada, sessionId, turn.messageId);
    const wish = { mutationId: newMutationId(), messageId: turn.messageId as MessageId };
    const first = await world.as(ada).agent.regenerate(wish);
    runner.wake();
    await ended(ada, sessionId, first.messageId);
    expect(await world.as(ada).agent.regenerate(wish)).toEqual({ ...first, duplicate: true });
    await world.as(ada).message.send(question);
    runner.wake();
    await runner.close();
    expect(model.answers).toHaveLength(2);
  });
});

describe('going on from an answer that broke off', () => {
  it('begins with the kept text, asks for the rest alone, and leaves the old version as it ended', async () => {
    const model = await modelThat({
      onAnswer(call, n) {
        if (n === 1) call.say('The first half').raw('data: {rubbish\n\n');
        else call.say(', and the second.').finish(30, 4);
      },
    });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Everything?');
    runner.wake();
    expect(await ended(ada, sessionId, answerId)).toMatchObject({
      content: 'The first half',
      turn: { status: 'failed' },
    });
    const wish = { mutationId: newMutationId(), messageId: answerId, newest: answerId };
    const { messageId } = await world.as(ada).agent.continue(wish);
    runner.wake();
    const whole = await ended(ada, sessionId, messageId);
    expect(whole).toMatchObject({
      content: 'The first half, and the second.',
      turn: { status: 'done', continues: answerId, versionOf: answerId, completionTokens: 4 },
    });
    expect((await stored(ada, sessionId, answerId)).content).toBe('The first half');
    // Nothing keeps its words but the two answers themselves: whoever deletes one has deleted them.
    const turns = await world.database.prisma.agentTurn.findMany({ where: { sessionId } });
    expect(turns.map(({ kept, checkpoint }) => [kept, checkpoint])).toEqual([
      ['', ''],
      ['', ''],
    ]);
    const said = model.answers[1]?.body.messages.slice(-2);
    expect(said?.[0]).toMatchObject({ role: 'assistant', content: 'The first half' });
    expect(said?.[1]?.content).toMatch(/Go on exactly where it stops/);
    const deltas = device.heard.flatMap(({ event }) =>
      event.type === 'turn.delta' && event.messageId === messageId ? [event] : [],
    );
    expect(deltas[0]).toMatchObject({ offset: 0, text: 'The first half' });
    expect(model.answers).toHaveLength(2);
    const complete = world.as(ada).agent.continue({ mutationId: newMutationId(), messageId });
    await expect(complete).rejects.toThrow(/nothing to go on from/);
  });

  it('keeps the text when it is stopped, fails or dies before its first new word', async () => {
    const model = await modelThat({
      onAnswer(call, n) {
        if (n === 1) call.say('Kept').raw('data: {rubbish\n\n');
        if (n === 3) call.refuse(401);
      },
    });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Everything?');
    runner.wake();
    await ended(ada, sessionId, answerId);
    const goOn = (messageId: MessageId) =>
      world.as(ada).agent.continue({ mutationId: newMutationId(), messageId });
    const stopped = await goOn(answerId);
    runner.wake();
    (await model.asked(2)).begin();
    expect(await runner.stop(stopped.messageId)).toBe('stopped');
    expect((await stored(ada, sessionId, stopped.messageId)).content).toBe('Kept');
    const failed = await goOn(stopped.messageId);
    runner.wake();
    expect(await ended(ada, sessionId, failed.messageId)).toMatchObject({
      content: 'Kept',
      turn: { status: 'failed' },
    });
    const queued = await goOn(failed.messageId);
    expect(await runner.stop(queued.messageId)).toBe('stopped');
    expect((await stored(ada, sessionId, queued.messageId)).content).toBe('Kept');
    const handedBack = await goOn(queued.messageId);
    runner.wake();
    const silent = (await model.asked(4)).begin();
    await runner.close();
    await silent.closed;
    runnerWith(model).start();
    (await model.asked(5)).say(' and done.').finish();
    expect((await ended(ada, sessionId, handedBack.messageId)).content).toBe('Kept and done.');
  });

  it('is possible with the guide alone, which says only what is missing', async () => {
    const runner = runnerWith({ provider: createProvider([], guide()) });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'What sample size do I need for 500 people?');
    runner.wake();
    const { content } = await ended(ada, sessionId, answerId);
    const half = content.slice(0, 60);
    await world.database.prisma.agentTurn.update({
      where: { messageId: answerId },
      data: { status: 'interrupted' },
    });
    await world.database.prisma.chatMessage.update({ where: { id: answerId }, data: { content: half } });
    const wish = { mutationId: newMutationId(), messageId: answerId };
    const { messageId } = await world.as(ada).agent.continue(wish);
    runner.wake();
    expect((await ended(ada, sessionId, messageId)).content).toBe(content);
  });
});

describe('when a service cannot answer', () => {
  it.each<[string, Script['onAnswer'], number, RegExp]>([
    ['limits us', (call) => call.refuse(429, { 'retry-after': '60' }), 1, /too many people/],
    ['has a problem', (call) => call.refuse(500), 3, /problem of its own/],
    ['falls silent', (call) => void call.begin(), 1, /fell silent/],
    ['refuses our key', (call) => call.refuse(401), 1, /refused our key/],
    [
      'sends rubbish before any text',
      (call) => void call.raw('data: {rubbish\n\n').end(),
      1,
      /broke off|cannot read/,
    ],
    ['says nothing', (call) => call.finish(), 1, /nothing to say/],
  ])('that %s, the next one does, marked as such', async (what, onAnswer, calls, because) => {
    const first = await modelThat({ ...(onAnswer ? { onAnswer } : {}) });
    const second = await modelThat({ onAnswer: (call) => call.say('From the second.').finish() });
    const provider = createProvider([first.settings, { ...second.settings, model: 'other' }], guide());
    // Where none is expected, a busy machine's pause is not to be taken for silence.
    const idleMs = what === 'falls silent' ? 1_000 : answerLimits.idleMs;
    const limits = { ...answerLimits, idleMs, retryMs: 1 };
    const runner = runnerWith({ provider }, { limits });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    runner.wake();
    const { content, turn } = await ended(ada, sessionId, answerId);
    expect({ content, status: turn?.status, model: turn?.model }).toEqual({
      content: 'From the second.',
      status: 'done',
      model: 'other',
    });
    expect(turn?.fallback?.from).toMatch(/^scripted · 127/);
    expect(turn?.fallback?.because).toMatch(because);
    expect([first.answers.length, second.answers.length]).toEqual([calls, 1]);
  });

  it('the guide is the last that answers; text that was told is never begun anew by another', async () => {
    const first = await modelThat({
      onAnswer(call, n) {
        if (n === 1) call.refuse(401);
        else call.say('Half').raw('data: {rubbish\n\n');
      },
    });
    const provider = createProvider([first.settings], guide());
    const runner = runnerWith({ provider });
    const { ada, sessionId } = await conversation();
    const one = await ask(ada, sessionId, 'What sample size do I need for 500 people?');
    runner.wake();
    expect((await ended(ada, sessionId, one.answerId)).turn).toMatchObject({
      status: 'done',
      provider: 'built-in-guide',
    });
    const two = await ask(ada, sessionId, 'And for 900?');
    runner.wake();
    expect(await ended(ada, sessionId, two.answerId)).toMatchObject({
      content: 'Half',
      turn: { status: 'failed', provider: 'openai-compatible', fallback: null },
    });
    expect(first.answers).toHaveLength(2);
  });

  it('it is left alone after three failures, without a call', async () => {
    const first = await modelThat({ onAnswer: (call) => call.refuse(401) });
    const second = await modelThat({ onAnswer: (call) => call.say('Here.').finish() });
    const runner = runnerWith({ provider: createProvider([first.settings, second.settings], null) });
    const { ada, sessionId } = await conversation();
    for (let n = 0; n < 5; n += 1) {
      const { answerId } = await ask(ada, sessionId, `Question ${n}?`);
      runner.wake();
      expect((await ended(ada, sessionId, answerId)).turn?.fallback).not.toBeNull();
    }
    expect([first.answers.length, second.answers.length]).toEqual([3, 5]);
  });

  it('a stop while the next one is asked ends that call too, and asks nobody else', async () => {
    const first = await modelThat({ onAnswer: (call) => call.refuse(500) });
    const second = await modelThat();
    const third = await modelThat();
    const provider = createProvider([first.settings, second.settings, third.settings], null);
    const runner = runnerWith({ provider }, { limits: { ...answerLimits, retryMs: 1 } });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    runner.wake();
    const call = (await second.asked(1)).begin();
    expect(await runner.stop(answerId)).toBe('stopped');
    await call.closed;
    expect(third.answers).toHaveLength(0);
  });
});

describe('the ledger', () => {
  it('books each answer once, by person and day; a share that is used up leaves the guide', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Paid.').finish(60, 40) });
    const ledger = createLedger(world.database, 150);
    const runner = runnerWith({ provider: createProvider([model.settings], guide()) }, { ledger });
    const { ada, sessionId } = await conversation();
    const answers = [];
    for (const question of ['What sample size for 500?', 'And for 900?', 'And for 1,200?']) {
      const { answerId } = await ask(ada, sessionId, question);
      runner.wake();
      answers.push(await ended(ada, sessionId, answerId));
    }
    expect(answers.map(({ turn }) => turn?.provider)).toEqual([
      'openai-compatible',
      'openai-compatible',
      'built-in-guide',
    ]);
    expect(answers[2]?.turn?.fallback?.because).toMatch(/share of AI answers for today is used up/);
    expect(await ledger.today(ada.userId)).toMatchObject({ answers: 3, tokens: 200, tokensPerDay: 150 });
    expect(model.answers).toHaveLength(2);
    const other = await conversation();
    const { answerId } = await ask(other.ada, other.sessionId, 'Mine?');
    runner.wake();
    expect((await ended(other.ada, other.sessionId, answerId)).content).toBe('Paid.');
  });

  it('estimates what a stopped answer took, for the service did not say', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Everything?');
    runner.wake();
    (await model.asked(1)).say('x'.repeat(400));
    await expect.poll(() => world.hub.answers.in(sessionId).get(answerId)?.length).toBe(400);
    await runner.stop(answerId);
    const row = await world.database.prisma.modelUse.findFirstOrThrow({ where: { userId: ada.userId } });
    expect(row).toMatchObject({ answers: 1, completionTokens: 100 });
    expect(row.promptTokens).toBeGreaterThan(0);
  });
});

describe('branches', () => {
  it('a question in another version is answered from its own past, and the old tail is not lost', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say(`Re: ${call.lastWords}`).finish() });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const answer = async (content: string, more: object = {}) => {
      const asked = await ask(ada, sessionId, content, more);
      runner.wake();
      await ended(ada, sessionId, asked.answerId);
      return asked;
    };
    await answer('One?');
    const two = await answer('Two?');
    await answer('Three?');
    const better = await answer('Two, better?', { branchOf: two.id });
    await answer('Three, in its tail?', { branch: better.id });
    await answer('Four, in the trunk?', { branch: null });
    const said = model.answers.map(({ body }) =>
      body.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : [])),
    );
    expect(said.slice(3)).toEqual([
      ['One?', 'Two, better?'],
      ['One?', 'Two, better?', 'Three, in its tail?'],
      ['One?', 'Two?', 'Three?', 'Four, in the trunk?'],
    ]);
    expect((await world.as(ada).message.list({ sessionId })).messages).toHaveLength(12);
    const { forks } = await world.as(ada).session.get({ sessionId });
    expect(Object.values(forks)).toMatchObject([
      { kind: 'question', all: [two.id, better.id], shown: better.id },
    ]);
  });

  it('are made once by one id, only of one’s own question, and not where others read along', async () => {
    const { ada, sessionId } = await conversation();
    const { id: branchOf, answerId } = await ask(ada, sessionId, 'One?');
    const again = { id: newMessageId(), sessionId, content: 'One, better?', branchOf };
    const first = await world.as(ada).message.send(again);
    expect(await world.as(ada).message.send(again)).toEqual({ ...first, duplicate: true });
    const changed = world.as(ada).message.send({ ...again, content: 'Another text' });
    await expect(changed).rejects.toMatchObject({ cause: { reason: 'ID_REUSED' } });
    const send = (more: object, session = sessionId, who = ada) =>
      world.as(who).message.send({ id: newMessageId(), sessionId: session, content: 'No', ...more });
    await expect(send({ branchOf: answerId })).rejects.toMatchObject({ cause: { reason: 'FORBIDDEN' } });
    await expect(send({ branch: newMessageId() })).rejects.toMatchObject({ cause: { reason: 'NOT_FOUND' } });
    const eve = await world.person('Eve');
    await expect(send({ branchOf }, sessionId, eve)).rejects.toMatchObject({
      cause: { reason: 'NOT_FOUND' },
    });
    const group = await world.conversation(ada, [eve], true);
    const { id } = await send({}, group);
    await expect(send({ branchOf: id }, group)).rejects.toMatchObject({ cause: { reason: 'CONFLICT' } });
    expect((await world.as(ada).message.list({ sessionId })).messages).toHaveLength(4);
  });

  it('the version that is shown is one for all devices, also after it was turned to twice', async () => {
    const { ada, sessionId } = await conversation();
    const { id } = await ask(ada, sessionId, 'One?');
    const device = await listen(world, ada);
    const { id: better } = await ask(ada, sessionId, 'One, better?', { branchOf: id });
    await device.until((e) => e.type === 'message.created' && e.fork?.shown === better);
    const show = (messageId: MessageId) =>
      world.as(ada).message.show({ mutationId: newMutationId(), messageId });
    await show(id);
    await device.until((e) => e.type === 'branch.shown' && e.fork.shown === id);
    expect(await show(id)).toMatchObject({ seq: null });
    const { forks } = await world.as(ada).session.get({ sessionId });
    expect(forks[id]?.shown).toBe(id);
    const only = await ask(ada, sessionId, 'Two?');
    await expect(show(only.id)).rejects.toMatchObject({ cause: { reason: 'CONFLICT' } });
  });
});
