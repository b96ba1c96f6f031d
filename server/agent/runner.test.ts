import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../protocol/errors.ts';
import { newMutationId } from '../../protocol/ids.ts';
import type { TurnStatus } from '../../protocol/shapes.ts';
import { createRandom } from '../../tests/faults/random.ts';
import { answering } from '../../tests/support/answering.ts';
import { listen } from '../../tests/support/listen.ts';
import { agent, type World } from '../../tests/support/world.ts';
import type { Log } from '../log/log.ts';
import { checkpointTurn, claimTurn, handBack, releaseExpired } from '../store/turn-sql.ts';
import { finishTurn, nothingWritten } from './finish-turn.ts';

let world: World;
const { modelThat, runnerWith, conversation, ask, stored } = answering((made) => {
  world = made;
});

const ends = (messageId: string) => (event: { type: string }) =>
  event.type === 'message.completed' && 'messageId' in event && event.messageId === messageId;

/** What a device that follows the deltas has on its screen. */
function shown(heard: { event: object }[], messageId: string): string {
  let text = '';
  for (const { event } of heard) {
    if (!('type' in event) || event.type !== 'turn.delta') continue;
    const delta = event as unknown as { messageId: string; offset: number; text: string }; // by its type
    if (delta.messageId !== messageId) continue;
    expect(delta.offset).toBeLessThanOrEqual(text.length);
    text = text.slice(0, delta.offset) + delta.text;
  }
  return text;
}

/** Takes a turn as a node that dies right after: its lease has run out. */
async function claimAndDie(checkpoint: string) {
  const turn = await claimTurn(world.database.pool, 'dead-node', 1);
  if (!turn) throw new Error('nothing waits');
  await world.database.pool.query(
    `UPDATE "AgentTurn" SET checkpoint = $2, "leaseUntil" = now() - interval '1 second' WHERE "messageId" = $1`,
    [turn.messageId, checkpoint],
  );
}

describe('an answer', () => {
  it('reaches every device as it grows, and is stored as it was shown (invariant 15)', async () => {
    const words = ['For ', 'a population of 500, ', 'take 217', ' \ud83d', '\ude00', ' — ', 'Yamane.'];
    const model = await modelThat({
      async onAnswer(call) {
        for (const word of words) {
          call.say(word);
          await pause(15);
        }
        call.finish(40, 9);
      },
    });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const early = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'What sample size?');
    runner.wake();
    await early.until((e) => e.type === 'turn.delta' && e.messageId === answerId);
    const late = await listen(world, ada);
    const completed = await early.until(ends(answerId));
    await late.until(ends(answerId));
    const message = await stored(ada, sessionId, answerId);
    expect(message.content).toBe(words.join(''));
    expect(shown(early.heard, answerId)).toBe(message.content);
    expect(shown(late.heard, answerId)).toBe(message.content);
    expect(completed.event).toMatchObject({ content: message.content, turn: message.turn });
    expect(message.turn).toMatchObject({
      status: 'done',
      model: 'scripted',
      provider: 'openai-compatible',
      promptTokens: 40,
      completionTokens: 9,
      error: null,
    });
    expect(message.turn?.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect(message.turn?.aiResponseTime).toBeGreaterThan(0);
    const session = await world.as(ada).session.get({ sessionId });
    expect(session).toMatchObject({ tokensUsed: 49, aiModelUsed: 'scripted' });
    const row = await world.database.prisma.agentTurn.findUniqueOrThrow({ where: { messageId: answerId } });
    expect(row).toMatchObject({ checkpoint: '', contextUsed: { messages: 1 } });
    expect(world.hub.answers.in(sessionId).size).toBe(0);
  });

  it('shows that the question was read, and no later one', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const first = await ask(ada, sessionId, 'One?');
    await ask(ada, sessionId, 'Two?');
    runner.wake();
    const { seq } = await stored(ada, sessionId, first.id);
    const read = await device.until((e) => e.type === 'receipt' && e.userId === agent);
    expect(read.event).toMatchObject({ readSeq: seq });
    for (const n of [1, 2]) (await model.asked(n)).say('ok').finish();
  });

  it('goes on while nobody watches (invariant 17)', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Are you there?');
    runner.wake();
    const call = (await model.asked(1)).say('Yes, ');
    await device.until((e) => e.type === 'turn.delta');
    await device.close();
    expect(call.isClosed).toBe(false);
    call.say('still.').finish();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).content).toBe('Yes, still.');
  });

  it('is given to three questions in their order, with one call each, and each knows the last', async () => {
    const { ada, sessionId } = await conversation();
    const asked = [];
    for (const question of ['One?', 'Two?', 'Three?']) asked.push(await ask(ada, sessionId, question));
    let open = 0;
    let openAtMost = 0;
    const model = await modelThat({
      async onAnswer(call) {
        open += 1;
        openAtMost = Math.max(open, openAtMost);
        call.say(`Re: ${call.lastWords}`);
        await pause(30);
        open -= 1;
        call.finish();
      },
    });
    const runner = runnerWith(model);
    const device = await listen(world, ada);
    runner.wake();
    for (const { answerId } of asked) await device.until(ends(answerId));
    expect(model.answers.map((call) => call.lastWords)).toEqual(['One?', 'Two?', 'Three?']);
    expect(openAtMost).toBe(1);
    expect(model.answers[2]?.body.messages.slice(1).map(({ content }) => content)).toEqual([
      'One?',
      'Re: One?',
      'Two?',
      'Re: Two?',
      'Three?',
    ]);
    const order = device.heard.flatMap(({ event }) =>
      event.type === 'message.completed' ? [event.messageId] : [],
    );
    expect(order).toEqual(asked.map(({ answerId }) => answerId));
  });

  it('in one conversation does not wait for that in another', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const [one, two] = [await conversation(), await conversation()];
    await ask(one.ada, one.sessionId, 'Slow?');
    const quick = await ask(two.ada, two.sessionId, 'Quick?');
    runner.wake();
    await model.asked(2);
    const call = model.answers.find(({ lastWords }) => lastWords === 'Quick?');
    call?.say('Quick.').finish();
    await expect
      .poll(async () => (await stored(two.ada, two.sessionId, quick.answerId)).turn?.status)
      .toBe('done');
    for (const rest of model.answers) if (!rest.isClosed) rest.say('Slow.').finish();
  });

  it('is written once, however many nodes there are (invariant 18)', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Only ', 'once.').finish() });
    const runners = [runnerWith(model), runnerWith(model), runnerWith(model)];
    const people = await Promise.all(Array.from({ length: 8 }, conversation));
    const asked = await Promise.all(
      people.map(async ({ ada, sessionId }) => ({
        ada,
        sessionId,
        turns: [await ask(ada, sessionId, 'One?'), await ask(ada, sessionId, 'Two?')],
      })),
    );
    for (const runner of runners) runner.wake();
    for (const runner of runners) runner.start();
    for (const { ada, sessionId, turns } of asked) {
      for (const { answerId } of turns) {
        await expect
          .poll(async () => (await stored(ada, sessionId, answerId)).content, { timeout: 10_000 })
          .toBe('Only once.');
      }
    }
    expect(model.answers).toHaveLength(16);
    const ended = await world.database.prisma.chatEvent.groupBy({
      by: ['sessionId'],
      where: { type: 'message.completed', sessionId: { in: people.map((one) => one.sessionId) } },
      _count: true,
    });
    expect(ended.map((one) => one._count)).toEqual(people.map(() => 2));
  });

  it('ends as failed with a sentence when the service refuses, and can be asked for again', async () => {
    const model = await modelThat({
      onAnswer(call, n) {
        if (n === 1) call.refuse(401, {}, 'Incorrect API key provided: sk-secret');
        else call.say('Now.').finish();
      },
    });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Now?');
    runner.wake();
    const { event } = await device.until(ends(answerId));
    expect(event).toMatchObject({ content: '', turn: { status: 'failed' } });
    expect(JSON.stringify(event)).toMatch(/refused our key/);
    expect(JSON.stringify(event)).not.toMatch(/sk-secret|127\.0\.0\.1/);
    const again = await world.as(ada).agent.regenerate({ mutationId: newMutationId(), messageId: answerId });
    runner.wake();
    await device.until(ends(again.messageId));
    expect(await stored(ada, sessionId, again.messageId)).toMatchObject({
      content: 'Now.',
      turn: { status: 'done', versionOf: answerId },
    });
  });

  it('is asked for once more while nobody has begun it: one version, written once (invariant 18)', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Here.').finish() });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Once?');
    runner.wake();
    await device.until(ends(answerId));
    const again = () => world.as(ada).agent.regenerate({ mutationId: newMutationId(), messageId: answerId });
    const [first, second] = [await again(), await again()];
    expect(second.messageId).toBe(first.messageId);
    runner.wake();
    await device.until(ends(first.messageId));
    expect(model.answers).toHaveLength(2);
  });

  it('keeps its text, and its connection is let go, when the service sends rubbish in the middle', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'And?');
    runner.wake();
    const call = (await model.asked(1)).say('So far').raw('data: {rubbish\n\n');
    await call.closed;
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).turn?.status).toBe('failed');
    expect((await stored(ada, sessionId, answerId)).content).toBe('So far');
  });

  it('is not lost while the database is away for a moment', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Dear words.').finish() });
    let refusals = 2;
    const log: Pick<Log, 'change' | 'mark'> = {
      mark: (row) => world.log.mark(row),
      change: (verb) => {
        refusals -= 1;
        if (refusals >= 0) return Promise.reject(new ChatError('UNAVAILABLE', 'away'));
        return world.log.change(verb);
      },
    };
    // Only these two verbs are used by a runner.
    const runner = runnerWith(model, { log: log as Log });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Well?');
    runner.wake();
    await expect
      .poll(async () => (await stored(ada, sessionId, answerId)).content, { timeout: 5_000 })
      .toBe('Dear words.');
    expect(model.answers).toHaveLength(1);
    expect(world.errors.splice(0)).toHaveLength(2);
  });

  /** A runner's database that is away as soon as a turn was claimed, for so many readings of what was said. */
  function awayFor(readings: number): { database: World['database']; wasAway: () => number } {
    let [left, away] = [readings, 0];
    const prisma = world.database.prisma.$extends({
      query: {
        chatSession: {
          findUniqueOrThrow({ args, query }) {
            if (left === 0) return query(args);
            left -= 1;
            away += 1;
            throw Object.assign(new Error('the database system is shutting down'), { code: '57P03' });
          },
        },
      },
    });
    // An extended client has all of the plain one's methods that are used here.
    const database = { ...world.database, prisma: prisma as unknown as World['database']['prisma'] };
    return { database, wasAway: () => away };
  }

  it('is given once the database is back that went away before the model was asked', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Here I am.').finish() });
    const { database } = awayFor(2);
    const runner = runnerWith(model, { database });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Well?');
    runner.wake();
    const answer = () => stored(ada, sessionId, answerId);
    await expect.poll(async () => (await answer()).turn?.status, { timeout: 10_000 }).not.toBe('streaming');
    expect(await answer()).toMatchObject({ content: 'Here I am.', turn: { status: 'done', error: null } });
    expect(model.answers).toHaveLength(1);
  });

  it('is handed back by a node that stops while the database is away, and written by the next (invariant 16)', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Here I am.').finish() });
    const { database, wasAway } = awayFor(Number.POSITIVE_INFINITY);
    const runner = runnerWith(model, { database });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Well?');
    runner.wake();
    await expect.poll(wasAway).not.toBe(0);
    await runner.close();
    expect(world.errors.splice(0)).toHaveLength(1);
    expect((await stored(ada, sessionId, answerId)).turn?.status).toBe('streaming');
    runnerWith(model).wake();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).content).toBe('Here I am.');
  });

  it('is written by the next node, too, when the database did not hear that it was handed back (invariant 16)', async () => {
    const model = await modelThat();
    const { pool: plain } = world.database;
    let refusals = 0;
    const pool = new Proxy(plain, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== 'function') return found;
        return (...args: unknown[]) => {
          if (name !== 'query' || !String(args[0]).includes(`status = 'queued', "leaseOwner" = NULL`))
            return found.apply(target, args);
          refusals += 1;
          return Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' }));
        };
      },
    });
    const runner = runnerWith(model, { database: { ...world.database, pool } });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Well?');
    runner.wake();
    const silent = (await model.asked(1)).begin();
    await runner.close();
    await silent.closed;
    expect(refusals).toBe(1);
    expect(world.errors.splice(0)).toHaveLength(1);
    expect((await stored(ada, sessionId, answerId)).turn?.status).toBe('streaming');
    // Its hold runs out.
    await plain.query(
      `UPDATE "AgentTurn" SET "leaseUntil" = now() - interval '1 second' WHERE "messageId" = $1`,
      [answerId],
    );
    runnerWith(model).start();
    (await model.asked(2)).say('Here I am.').finish();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).content).toBe('Here I am.');
  });

  it('is stopped while the database is away, without a call', async () => {
    const model = await modelThat();
    const { database, wasAway } = awayFor(Number.POSITIVE_INFINITY);
    const runner = runnerWith(model, { database });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Well?');
    runner.wake();
    await expect.poll(wasAway).not.toBe(0);
    expect(await runner.stop(answerId)).toBe('stopped');
    expect(model.answers).toHaveLength(0);
    expect(world.errors.splice(0)).toHaveLength(1);
  });
});

describe('stopping', () => {
  it.each([
    ['before the first word', ''],
    ['in the middle', 'So far'],
  ])('%s ends the model’s request within a second and keeps the text (invariant 17)', async (_when, text) => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Tell me everything');
    runner.wake();
    const call = (await model.asked(1)).begin();
    if (text) {
      call.say(text);
      await device.until((e) => e.type === 'turn.delta');
    }
    expect(await runner.stop(answerId)).toBe('stopped');
    await call.closed;
    expect(await stored(ada, sessionId, answerId)).toMatchObject({
      content: text,
      turn: { status: 'stopped', error: null },
    });
    expect(shown(device.heard, answerId)).toBe(text);
    expect(await runner.stop(answerId)).toBe('stopped');
  });

  it('works from another node than the one that writes', async () => {
    const model = await modelThat();
    const [writer, other] = [runnerWith(model), runnerWith(model)];
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Tell me everything');
    writer.wake();
    const call = (await model.asked(1)).say('So far');
    await device.until((e) => e.type === 'turn.delta');
    expect(await other.stop(answerId)).toBe('stopped');
    await call.closed;
    expect((await stored(ada, sessionId, answerId)).content).toBe('So far');
  });

  it('an answer that waits its turn ends it without a call, and the next question is answered', async () => {
    const model = await modelThat();
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const one = await ask(ada, sessionId, 'One?');
    const two = await ask(ada, sessionId, 'Two?');
    const three = await ask(ada, sessionId, 'Three?');
    runner.wake();
    const first = await model.asked(1);
    expect(await runner.stop(two.answerId)).toBe('stopped');
    first.say('First.').finish();
    (await model.asked(2)).say('Third.').finish();
    await device.until(ends(three.answerId));
    expect(model.answers.map(({ lastWords }) => lastWords)).toEqual(['One?', 'Three?']);
    expect(await stored(ada, sessionId, two.answerId)).toMatchObject({
      content: '',
      turn: { status: 'stopped' },
    });
    expect((await stored(ada, sessionId, one.answerId)).turn?.status).toBe('done');
  });

  it('changes nothing about an answer that stands', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Done.').finish() });
    const runner = runnerWith(model);
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Done?');
    runner.wake();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).turn?.status).toBe('done');
    expect(await runner.stop(answerId)).toBe('done');
    expect((await stored(ada, sessionId, answerId)).content).toBe('Done.');
  });

  it('keeps the model from being asked when the wish was there first', async () => {
    const model = await modelThat();
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Never mind?');
    await world.database.prisma.agentTurn.update({
      where: { messageId: answerId },
      data: { stopRequested: true },
    });
    runnerWith(model).wake();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).turn?.status).toBe('stopped');
    expect(model.answers).toHaveLength(0);
  });
});

describe('every answer reaches exactly one end (invariant 16)', () => {
  const endsOf = (messageId: string) =>
    world.database.prisma.chatEvent.count({
      where: { type: 'message.completed', payload: { path: ['messageId'], equals: messageId } },
    });

  it('and each claim of it is later than the one before, whatever the clock of the database says', async () => {
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    const { pool } = world.database;
    const claims: number[] = [];
    for (const hours of [0, 0, 0, 1]) {
      await pool.query(
        `UPDATE "AgentTurn" SET "startedAt" = "startedAt" + $2 * interval '1 hour' WHERE "messageId" = $1`,
        [answerId, hours],
      );
      claims.push((await claimTurn(pool, 'quick', 10_000))?.claimedAt ?? 0);
      await handBack(pool, 'quick');
    }
    expect(claims.every((at, i) => Number.isInteger(at) && at > (claims[i - 1] ?? 0))).toBe(true);
    expect((claims[3] ?? 0) - (claims[2] ?? 0)).toBe(3_600_001);
  });

  it('when its node died before the first word: another one writes it', async () => {
    const model = await modelThat({ onAnswer: (call) => call.say('Here.').finish() });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    await claimAndDie('');
    runnerWith(model).start();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).content).toBe('Here.');
    expect(model.answers).toHaveLength(1);
    expect(await endsOf(answerId)).toBe(1);
  });

  it('when its node died in the middle: interrupted, with its text, and nothing is paid twice', async () => {
    const model = await modelThat();
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    await claimAndDie('Half a sent');
    runnerWith(model).start();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).turn?.status).toBe('interrupted');
    const { content, turn } = await stored(ada, sessionId, answerId);
    expect(content).toBe('Half a sent');
    expect(turn?.error).toMatch(/Go on from here/);
    expect(model.answers).toHaveLength(0);
    expect(await endsOf(answerId)).toBe(1);
  });

  it('when its node was thought dead and lives: by nobody else (invariant 16)', async () => {
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Anybody?');
    await claimAndDie('Half a sent');
    const { pool } = world.database;
    // Found dead by another node, it says that it lives before that one ends it.
    expect((await releaseExpired(pool)).map(({ messageId }) => messageId)).toContain(answerId);
    expect(await checkpointTurn(pool, answerId, 'dead-node', 'Half a sentence', 60_000)).toBe('go on');
    const ref = { messageId: answerId, sessionId };
    const end = { ...nothingWritten, content: 'Half a sent', status: 'interrupted' as const };
    expect(await finishTurn(world.domain.log, ref, 'expired', end)).toBe(false);
    expect(await endsOf(answerId)).toBe(0);
    expect(await finishTurn(world.domain.log, ref, { lease: 'dead-node' }, end)).toBe(true);
  });

  it('when another node took it over meanwhile: the late one writes nothing', async () => {
    const model = await modelThat();
    const slow = runnerWith(model, { checkpointMs: 60 });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Who?');
    slow.wake();
    const late = await model.asked(1);
    await world.database.pool.query(
      `UPDATE "AgentTurn" SET "leaseOwner" = 'another' WHERE "messageId" = $1`,
      [answerId],
    );
    await late.closed;
    late.say('Me!').finish();
    await slow.close();
    expect(await stored(ada, sessionId, answerId)).toMatchObject({
      content: '',
      turn: { status: 'streaming' },
    });
    expect(await endsOf(answerId)).toBe(0);
    await world.database.pool.query(
      `UPDATE "AgentTurn" SET "leaseUntil" = now() - interval '1 second' WHERE "messageId" = $1`,
      [answerId],
    );
    const next = await modelThat({ onAnswer: (call) => call.say('The other.').finish() });
    runnerWith(next).start();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).content).toBe('The other.');
  });

  it('when this very node lost it in a long pause and takes it up anew', async () => {
    const model = await modelThat();
    const runner = runnerWith(model, { checkpointMs: 1_000_000 });
    const { ada, sessionId } = await conversation();
    const device = await listen(world, ada);
    const { answerId } = await ask(ada, sessionId, 'Again?');
    runner.wake();
    const first = (await model.asked(1)).begin();
    await world.database.pool.query(
      `UPDATE "AgentTurn" SET status = 'queued', "leaseOwner" = NULL WHERE "messageId" = $1`,
      [answerId],
    );
    runner.wake();
    const second = await model.asked(2);
    await first.closed;
    second.say('Once.').finish();
    await device.until(ends(answerId));
    expect(shown(device.heard, answerId)).toBe('Once.');
    expect(await endsOf(answerId)).toBe(1);
  });

  it('when the process pauses longer than its lease, it is the first to say that it lives', async () => {
    const model = await modelThat();
    const runner = runnerWith(model, { checkpointMs: 1_000_000, sweepMs: 20 });
    const { ada, sessionId } = await conversation();
    const { answerId } = await ask(ada, sessionId, 'Slow?');
    runner.wake();
    const call = (await model.asked(1)).say('Slow');
    await expect.poll(() => world.hub.answers.in(sessionId).get(answerId)).toBe('Slow');
    await world.database.pool.query(
      `UPDATE "AgentTurn" SET "leaseUntil" = now() - interval '1 minute' WHERE "messageId" = $1`,
      [answerId],
    );
    runner.start();
    call.say(' but sure.').finish();
    await expect
      .poll(async () => (await stored(ada, sessionId, answerId)).turn?.status)
      .not.toBe('streaming');
    expect(await stored(ada, sessionId, answerId)).toMatchObject({
      content: 'Slow but sure.',
      turn: { status: 'done' },
    });
  });

  it('when the server is stopped: handed back without a word, or interrupted with its text', async () => {
    const model = await modelThat();
    const first = runnerWith(model);
    const [one, two] = [await conversation(), await conversation()];
    const begun = await ask(one.ada, one.sessionId, 'Begun?');
    first.wake();
    (await model.asked(1)).say('Half');
    await expect.poll(() => world.hub.answers.in(one.sessionId).size).toBe(1);
    const waiting = await ask(two.ada, two.sessionId, 'Not begun?');
    first.wake();
    const silent = await model.asked(2);
    await first.close();
    await silent.closed;
    expect(await stored(one.ada, one.sessionId, begun.answerId)).toMatchObject({
      content: 'Half',
      turn: { status: 'interrupted' },
    });
    expect((await stored(two.ada, two.sessionId, waiting.answerId)).turn?.status).toBe('streaming');
    runnerWith(model).start();
    (await model.asked(3)).say('Whole.').finish();
    await expect
      .poll(async () => (await stored(two.ada, two.sessionId, waiting.answerId)).content)
      .toBe('Whole.');
    expect(await endsOf(begun.answerId)).toBe(1);
    expect(await endsOf(waiting.answerId)).toBe(1);
  });

  it('when the question was deleted before anybody read it: without a call and without a word', async () => {
    const model = await modelThat();
    const { ada, sessionId } = await conversation();
    const { id, answerId } = await ask(ada, sessionId, 'Forget it');
    await world.as(ada).message.delete({ mutationId: newMutationId(), messageId: id });
    runnerWith(model).wake();
    await expect.poll(async () => (await stored(ada, sessionId, answerId)).turn?.status).toBe('stopped');
    expect(model.answers).toHaveLength(0);
  });

  it('at whatever moment it is stopped (seeded)', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    console.log(`SEED=${seed}`);
    const random = createRandom(seed).next;
    const model = await modelThat({
      async onAnswer(call) {
        for (let i = 0; i < 8 && !call.isClosed; i += 1) {
          call.say(`word${i} `);
          await pause(4);
        }
        if (!call.isClosed) call.finish();
      },
    });
    const [one, two] = [runnerWith(model, { checkpointMs: 20 }), runnerWith(model, { checkpointMs: 20 })];
    const { ada, sessionId } = await conversation();
    for (let round = 0; round < 15; round += 1) {
      const { answerId } = await ask(ada, sessionId, `Round ${round}`);
      one.wake();
      two.wake();
      await pause(random() * 60);
      const status: TurnStatus = await (random() < 0.5 ? one : two).stop(answerId);
      expect(['stopped', 'done']).toContain(status);
      const { content, turn } = await stored(ada, sessionId, answerId);
      expect(turn?.status).toBe(status);
      expect('word0 word1 word2 word3 word4 word5 word6 word7 '.startsWith(content)).toBe(true);
      expect(await endsOf(answerId)).toBe(1);
    }
  });
});
