import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ephemeral } from '../../app/sync/ephemeral.ts';
import { ChatEvent } from '../../protocol/events.ts';
import { type MessageId, newMessageId } from '../../protocol/ids.ts';
import { TurnRunner } from '../../server/agent/runner.ts';
import type { Account } from '../../server/domain/account.ts';
import { createSseMount } from '../../server/realtime/sse-mount.ts';
import { decodeFrames } from '../support/listen.ts';
import { startScriptedModel } from '../support/scripted-model.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let server: Server;
let ada: Account;
let base: string;

beforeAll(async () => {
  world = await createWorld();
  ada = await world.person();
  const app = express();
  const expiresAt = new Date(Date.now() + 3_600_000);
  const createContext = async () => ({ account: { ...ada, expiresAt }, requestId: 'test', ip: '127.0.0.1' });
  const onError = (error: unknown) => void world.errors.push(error);
  app.get('/events.subscribe', createSseMount({ router: world.router, createContext, onError }));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on a port
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

/** A stream's bytes as they come. */
class Tap {
  bytes = Buffer.alloc(0);
  #aborter = new AbortController();

  constructor(cursor: string) {
    void this.#read(`${base}/events.subscribe?input=${encodeURIComponent(JSON.stringify({ cursor }))}`);
  }

  async #read(url: string): Promise<void> {
    const response = await fetch(url, { signal: this.#aborter.signal });
    const reader = response.body?.getReader();
    try {
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
        this.bytes = Buffer.concat([this.bytes, next.value]);
    } catch {
      // Cut by us.
    }
  }

  until(text: string): Promise<void> {
    return expect
      .poll(() => this.bytes.toString('utf8').includes(text), { interval: 5, timeout: 5_000 })
      .toBe(true);
  }

  close(): void {
    this.#aborter.abort();
  }
}

const eventsIn = (bytes: Buffer): ChatEvent[] => {
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n\n') + 2).toString('utf8');
  return decodeFrames(whole).flatMap(({ event, data }) =>
    event === 'message' ? [ChatEvent.parse(JSON.parse(data))] : [],
  );
};

it('a stream that is cut at any byte of an answer resumes to the same text (invariant 15, M6)', async () => {
  // One piece holds half of a surrogate pair, the next one the other.
  const pieces = [
    'For ',
    '500 people ',
    'take ',
    '217 \ud83d',
    '\ude00',
    ' — Grüße, ',
    '世界',
    '.\n\n- one',
    '\n- two',
  ];
  const whole = pieces.join('');
  const model = await startScriptedModel();
  const { database, log, hub } = world;
  const runner = new TurnRunner({
    database,
    log,
    hub,
    provider: model.provider,
    nodeId: 'cut',
    logger: pino({ level: 'silent' }),
    onError: (error) => world.errors.push(error),
  });
  const sessionId = await world.conversation(ada, [], true);
  const { cursor } = await world.as(ada).sync.snapshot();
  const main = new Tap(cursor);
  await main.until('caught-up');
  await world.as(ada).message.send({ id: newMessageId(), sessionId, content: 'How many?' });
  const turn = await database.prisma.agentTurn.findFirstOrThrow({ where: { sessionId } });
  const answerId = turn.messageId as MessageId; // minted by the log
  runner.wake();
  const call = await model.asked(1);
  await main.until('"type":"receipt"');
  const resumeFrom = (await world.as(ada).sync.snapshot()).cursor;
  const begun = main.bytes.length;

  // At each stage of the answer another stream comes back, as one that was cut there would.
  const resumed = [new Tap(resumeFrom)];
  let said = '';
  for (const piece of pieces) {
    said += piece;
    call.say(piece);
    const shown = said.replace(/[\ud800-\udbff]$/, '');
    await expect.poll(() => world.hub.answers.in(sessionId).get(answerId), { interval: 5 }).toBe(shown);
    const tap = new Tap(resumeFrom);
    await tap.until('caught-up');
    resumed.push(tap);
  }
  call.finish();
  for (const tap of [main, ...resumed]) await tap.until('message.completed');

  const deltas = (events: ChatEvent[]) => events.filter((event) => event.type === 'turn.delta').length;
  let cuts = 0;
  for (let at = begun; at <= main.bytes.length; at += 1) {
    const before = eventsIn(main.bytes.subarray(0, at));
    // Whatever had left the server by then, or a moment later: every stream from there on is one that may follow.
    for (const tap of resumed.slice(deltas(before))) {
      const device = new Ephemeral();
      let text = '';
      let completed = 0;
      for (const event of [...before, ...eventsIn(tap.bytes)]) {
        if (event.type === 'turn.delta') {
          device.apply(event);
          text = device.store.get().answers[event.messageId] ?? '';
          expect(whole.startsWith(text)).toBe(true);
        }
        if (event.type === 'message.completed') {
          completed += 1;
          expect(event.content).toBe(whole);
        }
      }
      expect(text).toBe(whole);
      expect(completed).toBeGreaterThan(0);
      cuts += 1;
    }
  }
  expect(cuts).toBeGreaterThan(main.bytes.length - begun);
  expect(model.answers).toHaveLength(1);
  for (const tap of [main, ...resumed]) tap.close();
  await runner.close();
  await model.close();
  expect(world.errors).toEqual([]);
});
