import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import { type MessageId, newMessageId, newMutationId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { claimTurn, handBack } from '../../server/store/turn-sql.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { contentsOf, listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

/** Two nodes on one database; their poll is slow, so that only the bus can be quick. */
let network: MemoryBusNetwork;
let nodes: World[];
let drop: () => Promise<void>;

async function addNode(url: string, pollMs = 60_000): Promise<World> {
  const node = await createWorld({
    databaseUrl: url,
    bus: network.join(),
    nodeId: `node ${nodes.length}`,
    pollMs,
  });
  nodes.push(node);
  return node;
}

let one: World;
let two: World;
let url: string;
beforeEach(async () => {
  network = new MemoryBusNetwork();
  nodes = [];
  ({ url, drop } = await createEmptyDatabase());
  one = await addNode(url);
  two = await addNode(url);
});
afterEach(async () => {
  for (const node of nodes) expect(node.errors).toEqual([]);
  for (const node of nodes) await node.close();
  await drop();
});

const isMessage = (id: string) => (e: ChatEvent) => e.type === 'message.created' && e.message.id === id;

async function groupOfTwo() {
  const [ada, ben] = [await one.person('Ada'), await one.person('Ben')];
  const sessionId = await one.conversation(ada, [ben]);
  return { ada, ben, sessionId };
}

describe('what is written on one node', () => {
  it('is heard at once on the other, in one order, with no gap (invariants 3 and 7)', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const onOne = await listen(one, ada);
    const onTwo = await listen(two, ben);
    const sends = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? one.say(ada, sessionId, `m${i}`) : two.say(ben, sessionId, `m${i}`),
    );
    const ids = (await Promise.all(sends)).map(({ id }) => id);
    for (const id of ids) await Promise.all([onOne.until(isMessage(id)), onTwo.until(isMessage(id))]);
    const seqs = (device: typeof onOne) =>
      device.heard.flatMap(({ event }) => (event.type === 'message.created' ? [event.seq] : []));
    expect(seqs(onOne)).toEqual([...seqs(onOne)].sort((a, b) => a - b));
    expect(seqs(onTwo)).toEqual(seqs(onOne));
    expect(new Set(seqs(onOne)).size).toBe(40);
  });

  it('is found by the poll when the bus is away, and asked for when it is back', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const slow = await addNode(url, 50);
    const polled = await listen(slow, ben);
    const deaf = await listen(two, ben);
    network.isUp = false;
    const { id } = await one.say(ada, sessionId, 'The bus is away');
    await polled.until(isMessage(id));
    expect(deaf.heard.some(({ event }) => isMessage(id)(event))).toBe(false);
    network.isUp = true;
    network.back();
    await deaf.until(isMessage(id));
  });

  it('is heard by a member from joining to removal, though all of it comes in one turn (invariant 24)', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const eve = await one.person('Eve');
    const [stays, comes] = [await listen(two, ben), await listen(two, eve)];
    network.isUp = false;
    await one.say(ada, sessionId, 'before Eve');
    const { token } = await one.as(ada).session.invite({ sessionId });
    await one.as(eve).session.join({ token });
    await one.say(ada, sessionId, 'to Eve');
    await one.as(ada).session.removeMember({ mutationId: newMutationId(), sessionId, userId: eve.userId });
    const { id } = await one.say(ada, sessionId, 'behind her back');
    await two.hub.catchUp();
    await stays.until(isMessage(id));
    expect(contentsOf(stays.heard)).toEqual(['before Eve', 'to Eve', 'behind her back']);
    await comes.until((e) => e.type === 'member.left');
    // On this node as well, though the bus said nothing of it.
    await comes.ended;
    expect(contentsOf(comes.heard)).toEqual(['to Eve']);
  });
});

describe('an answer that another node writes', () => {
  const messageId = newMessageId();
  const deltas = (device: { heard: { event: ChatEvent }[] }, id: MessageId) =>
    device.heard.flatMap(({ event }) =>
      event.type === 'turn.delta' && event.messageId === id ? [event] : [],
    );
  const textOf = (device: { heard: { event: ChatEvent }[] }) =>
    deltas(device, messageId).reduce((text, { offset, text: more }) => {
      expect(offset).toBeLessThanOrEqual(text.length);
      return text.slice(0, offset) + more;
    }, '');
  const endsWith = (end: string) => (e: ChatEvent) => e.type === 'turn.delta' && e.text.endsWith(end);

  it('grows piece by piece, and is told whole to whoever joins in its middle (invariant 15)', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const early = await listen(two, ben);
    one.cluster.beginAnswer(sessionId, messageId, 1);
    one.cluster.extendAnswer(sessionId, messageId, 'Stratified ');
    one.cluster.extendAnswer(sessionId, messageId, 'sampling ');
    await early.until(endsWith('sampling '));
    const late = await listen(two, ada);
    one.cluster.extendAnswer(sessionId, messageId, 'fits.');
    await late.until(endsWith('fits.'));
    await early.until(endsWith('fits.'));
    expect(textOf(early)).toBe('Stratified sampling fits.');
    expect(deltas(late, messageId).map(({ offset, text }) => [offset, text])).toEqual([
      [0, 'Stratified sampling '],
      [20, 'fits.'],
    ]);
  });

  it('is asked for whole after pieces got lost, also by a node that started meanwhile', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const device = await listen(two, ben);
    one.cluster.beginAnswer(sessionId, messageId, 1);
    one.cluster.extendAnswer(sessionId, messageId, 'It ');
    await device.until(endsWith('It '));
    network.isUp = false;
    one.cluster.extendAnswer(sessionId, messageId, 'was ');
    network.isUp = true;
    one.cluster.extendAnswer(sessionId, messageId, 'lost.');
    await device.until(endsWith('lost.'));
    expect(textOf(device)).toBe('It was lost.');
    const three = await addNode(url);
    await expect.poll(() => three.hub.answers.in(sessionId).get(messageId)).toBe('It was lost.');
    const newcomer = await listen(three, ada);
    expect(textOf(newcomer)).toBe('It was lost.');
  });

  it('begins anew where another node takes it over, and the stalled one is not heard any more', async () => {
    const { ben, sessionId } = await groupOfTwo();
    const device = await listen(two, ben);
    one.cluster.beginAnswer(sessionId, messageId, 1);
    one.cluster.extendAnswer(sessionId, messageId, 'Old beginning');
    await device.until(endsWith('Old beginning'));
    two.cluster.beginAnswer(sessionId, messageId, 2);
    two.cluster.extendAnswer(sessionId, messageId, 'New');
    await expect.poll(() => one.hub.answers.in(sessionId).get(messageId)).toBe('New');
    one.cluster.extendAnswer(sessionId, messageId, ' nonsense of the stalled run');
    two.cluster.extendAnswer(sessionId, messageId, ' text');
    await device.until(endsWith(' text'));
    expect(two.hub.answers.in(sessionId).get(messageId)).toBe('New text');
  });

  it('is that of whoever claimed it last by the database, not by the clocks of nodes (invariant 15)', async () => {
    const { ada, ben } = await groupOfTwo();
    const sessionId = await one.conversation(ada, [ben], true);
    const three = await addNode(url);
    const device = await listen(three, ben);
    await one.as(ada).message.send({ id: newMessageId(), sessionId, content: '@jay Who?' });
    const claim = async (node: World, owner: string) => {
      const turn = await claimTurn(node.database.pool, owner, 10_000);
      if (!turn) throw new Error('nothing waits');
      return turn;
    };
    // The first one hands it back before a word, and says only then that it had begun.
    const first = await claim(one, 'one');
    await handBack(one.database.pool, 'one');
    const second = await claim(two, 'two');
    const answerId = second.messageId as MessageId; // minted by the log
    two.cluster.beginAnswer(sessionId, answerId, second.claimedAt);
    two.cluster.extendAnswer(sessionId, answerId, 'It is ');
    await device.until(endsWith('It is '));
    one.cluster.beginAnswer(sessionId, answerId, first.claimedAt);
    one.cluster.extendAnswer(sessionId, answerId, 'Nobody');
    two.cluster.extendAnswer(sessionId, answerId, 'two.');
    await device.until(endsWith('two.'));
    expect(three.hub.answers.in(sessionId).get(answerId)).toBe('It is two.');
    expect(deltas(device, answerId).map(({ text }) => text)).toEqual(['It is ', 'two.']);
  });
});

describe('what passes', () => {
  it('typing goes to all nodes, and ends wherever the typist says so (invariant 14)', async () => {
    const { ada, ben, sessionId } = await groupOfTwo();
    const onTwo = await listen(two, ben);
    const typing = (isTyping: boolean) => (e: ChatEvent) => e.type === 'typing' && e.isTyping === isTyping;
    await one.as(ada).typing.set({ sessionId, isTyping: true });
    await onTwo.until(typing(true));
    await two.as(ada).typing.set({ sessionId, isTyping: false });
    await onTwo.until(typing(false));
  });

  it('ending an auth session closes its streams on every node, and a stop is passed on', async () => {
    const { ada } = await groupOfTwo();
    const onTwo = await listen(two, ada);
    one.cluster.closeStreams({ authSessionId: ada.authSessionId });
    await onTwo.ended;
    const messageId = newMessageId();
    one.cluster.stopAnswer(messageId);
    await expect.poll(() => two.stopsAsked).toEqual([messageId]);
    expect(one.stopsAsked).toEqual([]);
  });
});

describe('presence over several nodes (invariant 14)', () => {
  const isStatus = (who: Account, status: string) => (e: ChatEvent) =>
    e.type === 'presence' && e.userId === who.userId && e.status === status;

  it('is the union of devices wherever they are, and told everywhere', async () => {
    const { ada, ben } = await groupOfTwo();
    const bens = await listen(two, ben);
    one.services.presence.connected(ada.userId, 'phone');
    await bens.until(isStatus(ada, 'online'));
    two.services.presence.connected(ada.userId, 'laptop');
    await two.as({ ...ada, authSessionId: 'laptop' }).presence.set({ status: 'busy' });
    await bens.until(isStatus(ada, 'busy'));
    for (const node of nodes) {
      const seen = async () => (await node.as(ben).presence.get({ userIds: [ada.userId] }))[0]?.status;
      await expect.poll(seen).toBe('busy');
    }
    one.services.presence.disconnected(ada.userId, 'phone');
    two.services.presence.disconnected(ada.userId, 'laptop');
    await bens.until(isStatus(ada, 'offline'));
  });

  it('follows a device whose stream moves, though its old node notices late', async () => {
    const { ada, ben } = await groupOfTwo();
    one.services.presence.connected(ada.userId, 'phone');
    two.services.presence.connected(ada.userId, 'phone');
    const seen = async (node: World) =>
      (await node.as(ben).presence.get({ userIds: [ada.userId] }))[0]?.status;
    await expect.poll(() => seen(one)).toBe('online');
    one.services.presence.disconnected(ada.userId, 'phone');
    // Who goes after it is gone: so is the time after which it would be.
    one.services.presence.connected(ben.userId, 'tablet');
    one.services.presence.disconnected(ben.userId, 'tablet');
    const goneAfter = async () => (await one.as(ada).presence.get({ userIds: [ben.userId] }))[0]?.status;
    await expect.poll(goneAfter).toBe('offline');
    expect([await seen(one), await seen(two)]).toEqual(['online', 'online']);
  });
});
