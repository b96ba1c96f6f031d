import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { newMutationId } from '../../protocol/ids.ts';
import { starters } from '../../protocol/starters.ts';
import { answering } from '../../tests/support/answering.ts';
import { listen } from '../../tests/support/listen.ts';
import type { ModelCall, Script } from '../../tests/support/scripted-model.ts';
import type { World } from '../../tests/support/world.ts';
import { createAfterAnswer, createSuggestionReader } from './after-answer.ts';
import { handbookDir } from './guide/handbook-dir.ts';
import { createGuideModel } from './guide/model.ts';
import { createLedger } from './ledger.ts';
import { createProvider, type Provider } from './providers/provider.ts';
import type { TurnRunner } from './runner.ts';
import { tidySuggestions } from './suggestions.ts';
import { tidyTitle } from './title.ts';

let world: World;
const { modelThat, runnerWith } = answering((made) => {
  world = made;
});
const warnings: string[] = [];
afterEach(() => {
  warnings.length = 0;
});

function followedRunner(provider: Provider): TurnRunner {
  const { database, log, hub } = world;
  return runnerWith(
    { provider },
    {
      logger: pino({ level: 'warn' }, { write: (text) => void warnings.push(text) }),
      afterAnswer: createAfterAnswer({ database, log, hub, provider, ledger: createLedger(database, null) }),
    },
  );
}

const isTitle = (call: ModelCall) => call.wish === 'title';
const isMemory = (call: ModelCall) => call.wish === 'memory';

/** A conversation with a model that answers "Ninety-two." and then replies as told. */
async function exchange(onWish: Script['onWish'], sessionType: 'general' | 'support' = 'general') {
  const model = await modelThat({ onAnswer: (call) => call.say('Ninety-two.').finish(), onWish });
  const ada = await world.person();
  const sessionId = await world.conversation(ada, [], true);
  await world.database.prisma.chatSession.update({ where: { id: sessionId }, data: { sessionType } });
  const device = await listen(world, ada);
  const runner = followedRunner(model.provider);
  return { model, ada, sessionId, device, runner };
}

describe('after the first answer', () => {
  it('come things to say next and a title, told to every device and kept', async () => {
    const { model, ada, sessionId, device, runner } = await exchange((call) =>
      isTitle(call)
        ? call.reply('{"title": "\\"Sample size for a survey.\\""}')
        : call.reply(
            '{"suggestions": ["1. Why 5%?", "why 5% ?", "What if many refuse?", "Is Yamane enough?"]}',
          ),
    );
    await world.say(ada, sessionId, 'What sample size for 120 people?');
    runner.wake();
    const { event } = await device.until((e) => e.type === 'suggestions');
    const suggestions = ['Why 5%?', 'What if many refuse?', 'Is Yamane enough?'];
    expect(event).toMatchObject({ sessionId, suggestions });
    const renamed = await device.until((e) => e.type === 'session.updated');
    expect(renamed.event).toMatchObject({ changes: { title: 'Sample size for a survey' } });
    expect(await createSuggestionReader(world.database)(sessionId)).toEqual(suggestions);
    expect((await world.as(ada).session.get({ sessionId })).title).toBe('Sample size for a survey');
    expect(model.answers).toHaveLength(1);
    expect(model.wishes.filter((call) => !isMemory(call))).toHaveLength(2);
  });

  it('a name that somebody gave stays', async () => {
    const { model, ada, sessionId, device, runner } = await exchange((call) =>
      call.reply('{"suggestions": ["One?", "Two?", "Three?"], "title": "Mine"}'),
    );
    await world.as(ada).session.update({ mutationId: newMutationId(), sessionId, title: 'My thesis' });
    await world.say(ada, sessionId, 'Hello');
    runner.wake();
    await device.until((e) => e.type === 'suggestions');
    await runner.close();
    expect((await world.as(ada).session.get({ sessionId })).title).toBe('My thesis');
    expect(model.wishes.filter(isTitle)).toHaveLength(0);
  });

  it('a name that somebody gives while the model thinks of one stays too', async () => {
    const { ada, sessionId, runner } = await exchange(async (call) => {
      if (!isTitle(call)) return call.reply('{}');
      await world.as(ada).session.update({ mutationId: newMutationId(), sessionId, title: 'My thesis' });
      call.reply('{"title": "Something else"}');
    });
    await world.say(ada, sessionId, 'Hello');
    runner.wake();
    await expect.poll(async () => (await world.as(ada).session.get({ sessionId })).title).toBe('My thesis');
    await runner.close();
    expect((await world.as(ada).session.get({ sessionId })).title).toBe('My thesis');
  });

  it('a service that knows no JSON schema is asked in words', async () => {
    const { model, ada, sessionId, device, runner } = await exchange((call) => {
      if (call.body.response_format) call.refuse(400, {}, 'response_format is not supported');
      else if (isTitle(call)) call.reply('Here you are: {"title": "Plain words"} Good luck!');
      else call.reply('```json\n{"suggestions": ["One?", "Two?", "Three?"]}\n```');
    });
    await world.say(ada, sessionId, 'Hello');
    runner.wake();
    await device.until((e) => e.type === 'suggestions');
    await device.until((e) => e.type === 'session.updated');
    expect(model.wishes.filter((call) => !isMemory(call))).toHaveLength(4);
  });

  it.each([
    ['too few', '{"suggestions": ["One?", "one"], "title": ""}'],
    ['nonsense', 'I would rather not.'],
    ['another shape', '{"suggestions": "One?"}'],
  ])('%s to say next changes nothing, and there are starters still', async (_what, reply) => {
    const { model, ada, sessionId, device, runner } = await exchange((call) => call.reply(reply), 'support');
    await world.say(ada, sessionId, 'Hello');
    runner.wake();
    await expect.poll(() => model.wishes.length).toBeGreaterThanOrEqual(2);
    await expect.poll(() => model.wishes.every((call) => call.isClosed)).toBe(true);
    await runner.close();
    expect(device.heard.some(({ event }) => event.type === 'suggestions')).toBe(false);
    expect(await createSuggestionReader(world.database)(sessionId)).toEqual([...starters.support]);
    expect((await world.as(ada).session.get({ sessionId })).title).toBe('New conversation');
  });

  it('a service that fails then is no failure of the answer, and the log says nothing of the words', async () => {
    const { ada, sessionId, runner } = await exchange((call) => call.refuse(401, {}, 'sk-secret is bad'));
    const { id } = await world.say(ada, sessionId, 'Something private');
    runner.wake();
    await expect.poll(() => warnings.length).toBe(1);
    const { messages } = await world.as(ada).message.list({ sessionId });
    expect(messages.find((message) => message.id !== id)?.turn?.status).toBe('done');
    expect(warnings[0]).toContain('401');
    expect(warnings[0]).not.toMatch(/private|sk-secret|127\.0\.0\.1|Ninety/);
  });

  it('nothing is suggested when the next question waits already, and it does not wait for suggestions', async () => {
    let openWish: ModelCall | null = null;
    const { model, ada, sessionId, runner } = await exchange((call) => {
      if (isTitle(call)) openWish = call;
      else call.reply('{"suggestions": ["One?", "Two?", "Three?"]}');
    });
    await world.say(ada, sessionId, 'First?');
    await world.say(ada, sessionId, 'Second?');
    runner.wake();
    await model.asked(2);
    await expect.poll(() => openWish).not.toBeNull();
    await expect.poll(() => model.wishes.filter((call) => !isTitle(call)).length).toBe(1);
    // Closing does not wait for them either.
    await runner.close();
  });
});

describe('the built-in guide', () => {
  it('answers, suggests and entitles like any model, and says who it is', async () => {
    const provider = createProvider([], createGuideModel({ handbookDir, pace: 0 }));
    expect(provider.info.label).toMatch(/Built-in guide/);
    const ada = await world.person();
    const sessionId = await world.conversation(ada, [], true);
    const device = await listen(world, ada);
    const runner = followedRunner(provider);
    await world.say(ada, sessionId, 'What sample size do I need for a population of 500?');
    runner.wake();
    const { event } = await device.until((e) => e.type === 'message.completed');
    expect(event).toMatchObject({ turn: { status: 'done', provider: 'built-in-guide', model: 'handbook' } });
    const next = await device.until((e) => e.type === 'suggestions');
    if (next.event.type !== 'suggestions') throw new Error('no suggestions');
    expect(next.event.suggestions.length).toBeGreaterThanOrEqual(3);
    expect(next.event.suggestions.length).toBeLessThanOrEqual(5);
    const renamed = await device.until((e) => e.type === 'session.updated');
    expect(JSON.stringify(renamed.event)).toMatch(/sample size/i);
  });
});

describe('what a model suggests', () => {
  it('is tidied: no numbering, no quotes, no twins, nothing asked already, five at most', () => {
    const raw = [
      ' 1. Why? ',
      '"How so?"',
      '- why',
      'Asked?',
      '',
      '…',
      'x'.repeat(121),
      'A\nB?',
      'C?',
      'D?',
      'E?',
    ];
    expect(tidySuggestions(raw, ['asked'])).toEqual(['Why?', 'How so?', 'A B?', 'C?', 'D?']);
    expect(tidySuggestions(['3.5 or 4?', '为什么?', 'لماذا؟'])).toEqual(['3.5 or 4?', '为什么?', 'لماذا؟']);
  });

  it('as a title is one line of words', () => {
    expect(tidyTitle(' "Choosing\na topic." ')).toBe('Choosing a topic');
    expect(tidyTitle('# Plan')).toBe('Plan');
    expect(tidyTitle(`${'word '.repeat(30)}`)).toHaveLength(79);
    expect(tidyTitle('😀'.repeat(60)).length).toBeLessThanOrEqual(80);
  });
});
