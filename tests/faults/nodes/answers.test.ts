import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrpc } from '../../../app/trpc/client.ts';
import { type MessageId, newMessageId, newSessionId } from '../../../protocol/ids.ts';
import { type ModelCall, type ScriptedModel, startScriptedModel } from '../../support/scripted-model.ts';
import { withClient } from '../../support/with-client.ts';
import { callsOf, newPerson } from '../person.ts';
import { type ServerCluster, startServerCluster } from './cluster.ts';
import { openRawStream } from './raw-stream.ts';
import { whyNoRedis } from './redis-server.ts';

const missing = whyNoRedis();

describe.skipIf(missing !== null)(`answers on two nodes${missing ? ` (${missing})` : ''}`, () => {
  let cluster: ServerCluster;
  let model: ScriptedModel;
  beforeAll(async () => {
    model = await startScriptedModel();
    cluster = await startServerCluster({ env: model.env });
  }, 90_000);
  afterAll(async () => {
    await cluster.stop();
    await model.close();
  }, 60_000);

  /** A question asked of the second node, which writes the answer; its asker listens on the first. */
  async function ask() {
    const { cookie } = await newPerson(cluster.url);
    const [one, two] = cluster.nodes.map((node) => createTrpc(callsOf(node.url, () => cookie)));
    if (!one || !two) throw new Error('There are two nodes');
    const sessionId = newSessionId();
    await one.session.create.mutate({ id: sessionId });
    const stream = await openRawStream(cluster.nodes[0].url, cookie);
    await stream.until('caught-up');
    const call = model.asked(model.answers.length + 1);
    await two.message.send.mutate({ id: newMessageId(), sessionId, content: 'What is a median?' });
    const answer = async () => {
      const { messages } = await one.message.list.query({ sessionId, limit: 10 });
      const found = messages.find(({ turn }) => turn !== null);
      if (!found) throw new Error('There is no answer');
      return found;
    };
    return { one, cookie, stream, call: await call, answer, messageId: (await answer()).id };
  }

  const endsOf = (text: string) => text.split('"type":"message.completed"').length - 1;

  it('go on when their reader goes, and are stopped from the node that does not write them within 1 s, by the bus, or within 2 s by the row while Redis is away (invariant 17)', async () => {
    for (const isRedisThere of [true, false]) {
      if (!isRedisThere && !cluster.redis.part) return;
      const { one, cookie, stream, call, answer, messageId } = await ask();
      const speech = speak(call);
      await stream.until('(2)');
      stream.close();
      const later = await openRawStream(cluster.nodes[0].url, cookie);
      await later.until('(4)');
      if (!isRedisThere) await cluster.redis.part?.end();
      const asked = speech.pieces();
      // It resolves once the answer has ended, wherever that is.
      expect(await one.agent.stop.mutate({ messageId })).toMatchObject({ status: 'stopped' });
      await call.closed;
      expect(speech.pieces() - asked).toBeLessThanOrEqual((isRedisThere ? 1_000 : 2_000) / PIECE_EVERY_MS);
      await later.until('"type":"message.completed"');
      const { content, turn } = await answer();
      expect(turn).toMatchObject({ status: 'stopped' });
      expect(content).toContain('(4)');
      expect(speech.text().startsWith(content)).toBe(true);
      expect(endsOf(later.text())).toBe(1);
      later.close();
      if (!isRedisThere) {
        await cluster.redis.part?.start();
        await Promise.all(cluster.nodes.map(untilReady));
      }
    }
  }, 60_000);

  it('are stopped from the other node by the bus alone, where the row never tells of the wish (invariants 16 and 17)', async () => {
    if (!cluster.redis.part) return;
    await Promise.all(cluster.nodes.map(untilReady));
    await withClient(cluster.postgres.url, (client) => client.query(FORGET_WISHES));
    try {
      const { one, stream, call, answer, messageId } = await ask();
      const speech = speak(call);
      await stream.until('(2)');
      const asked = speech.pieces();
      expect(await one.agent.stop.mutate({ messageId })).toMatchObject({ status: 'stopped' });
      await call.closed;
      expect(speech.pieces() - asked).toBeLessThanOrEqual(1_000 / PIECE_EVERY_MS);
      await stream.until('"type":"message.completed"');
      expect((await answer()).turn).toMatchObject({ status: 'stopped' });
      expect(endsOf(stream.text())).toBe(1);
      stream.close();
    } finally {
      await withClient(cluster.postgres.url, (client) => client.query('DROP FUNCTION forget_wish CASCADE'));
    }
  }, 40_000);

  it('end exactly once, with their text, when the node that writes them is killed (invariant 16)', async () => {
    const { stream, call, answer, messageId } = await ask();
    call.say('Half of ');
    await stream.until('Half of ');
    await untilWrittenDown(cluster.postgres.url, messageId);
    await cluster.nodes[1].product.kill();
    await call.closed;
    await forgetLease(cluster.postgres.url, messageId);
    // Both look for what was left behind now.
    await Promise.all([cluster.nodes[1].start(), stream.until('"type":"message.completed"')]);
    expect(await answer()).toMatchObject({ content: 'Half of ', turn: { status: 'interrupted' } });
    const rows = await query(
      cluster.postgres.url,
      `SELECT count(*)::int AS n FROM "ChatEvent" WHERE type = 'message.completed' AND payload::text LIKE '%' || $1 || '%'`,
      messageId,
    );
    expect([rows[0]?.n, endsOf(stream.text())]).toEqual([1, 1]);
    stream.close();
  }, 40_000);
});

const PIECE_EVERY_MS = 100;

/** The wish to stop is written down, and is never there when it is read. */
const FORGET_WISHES = `
  CREATE FUNCTION forget_wish() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW."stopRequested" := false; RETURN NEW; END $$;
  CREATE TRIGGER forget_wish BEFORE UPDATE ON "AgentTurn" FOR EACH ROW EXECUTE FUNCTION forget_wish()`;

/** Says numbered pieces one after the other, for a minute unless it is ended. */
function speak(call: ModelCall) {
  let pieces = 0;
  let text = '';
  const timer = setInterval(() => {
    if (pieces === 600) return call.finish();
    pieces += 1;
    const piece = `piece (${pieces}) `;
    text += piece;
    call.say(piece);
  }, PIECE_EVERY_MS);
  void call.closed.then(() => clearInterval(timer));
  return { pieces: () => pieces, text: () => text };
}

async function query(url: string, text: string, messageId: MessageId): Promise<Record<string, unknown>[]> {
  const { rows } = await withClient(url, (client) =>
    client.query<Record<string, unknown>>(text, [messageId]),
  );
  return rows;
}

/** With Redis, a node is ready once it hears the others: what streams by before that is missed. */
async function untilReady({ url }: { url: string }): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 20_000 }).toBe(200);
}

async function untilWrittenDown(url: string, messageId: MessageId): Promise<void> {
  await expect
    .poll(() => query(url, `SELECT checkpoint FROM "AgentTurn" WHERE "messageId" = $1`, messageId), {
      timeout: 10_000,
    })
    .toEqual([{ checkpoint: 'Half of ' }]);
}

/** As if the ten seconds had passed that a dead node is waited for. */
async function forgetLease(url: string, messageId: MessageId): Promise<void> {
  await query(url, `UPDATE "AgentTurn" SET "leaseUntil" = now() WHERE "messageId" = $1`, messageId);
}
