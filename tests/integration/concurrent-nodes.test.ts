import { afterEach, describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../protocol/events.ts';
import { newMessageId, newMutationId, type SessionId } from '../../protocol/ids.ts';
import type { Account } from '../../server/domain/account.ts';
import { MemoryBusNetwork } from '../../server/realtime/bus/memory-bus.ts';
import { createRandom } from '../faults/random.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { type Heard, type Listener, listen } from '../support/listen.ts';
import { createWorld, type World } from '../support/world.ts';

const WRITES_PER_NODE = 60;
const MOVES_AT_MOST = 40;
const SEED = 7;

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

/** Three nodes: their logs, readers and hubs are apart, their database is one. */
async function threeNodes(bus: MemoryBusNetwork): Promise<[World, World, World]> {
  const { url, drop } = await createEmptyDatabase();
  closing.push(drop);
  const add = async (nodeId: string) => {
    const node = await createWorld({ databaseUrl: url, bus: bus.join(), nodeId, pollMs: 5 });
    closing.push(async () => {
      expect(node.errors).toEqual([]);
      await node.close();
    });
    return node;
  };
  return [await add('one'), await add('two'), await add('three')];
}

/** Sends, some of them in batches, and edits: both ways on which a node appends. */
async function write(node: World, who: Account, sessions: readonly [SessionId, SessionId], label: string) {
  const random = createRandom(SEED).fork(label);
  const work: Promise<unknown>[] = [];
  for (let i = 0; i < WRITES_PER_NODE; i += 1) {
    const send = { id: newMessageId(), sessionId: random.pick(sessions), content: `${label} ${i}` };
    const sent = node.as(who).message.send(send);
    work.push(sent);
    if (random.chance(0.2))
      work.push(
        sent.then(({ id }) =>
          node
            .as(who)
            .message.edit({ mutationId: newMutationId(), messageId: id, content: `${label} ${i}!` }),
        ),
      );
    if (random.chance(0.3)) await sent;
  }
  await Promise.all(work);
}

const seqsIn = (sessionId: SessionId, heard: readonly Heard[]) =>
  heard.flatMap(({ event }) =>
    'seq' in event && 'sessionId' in event && event.sessionId === sessionId ? [event.seq] : [],
  );

describe.each([
  ['who tell each other', true],
  ['of which each finds out by its poll alone', false],
])('three nodes that append at once, %s', (_how, isBusUp) => {
  it(`leave no hole, and no reader skips, doubles or reorders (invariants 3 and 7; seed ${SEED})`, async () => {
    const network = new MemoryBusNetwork();
    const nodes = await threeNodes(network);
    const [one, two] = nodes;
    const [ada, ben, eve] = [await one.person('Ada'), await one.person('Ben'), await one.person('Eve')];
    const people: Account[] = [ada, ben, eve];
    const first = await one.conversation(ada, [ben, eve]);
    const second = await two.conversation(ada, [ben, eve]);
    network.isUp = isBusUp;
    // From the beginning, so that each joins while others write.
    const origin = (await listen(one, ada)).heard.at(-1)?.cursor;
    const readers: Listener[] = [];
    for (const node of nodes) readers.push(await listen(node, ada, origin));
    const writing = nodes.map((node, i) => write(node, people[i] ?? ada, [first, second], `n${i}`));
    // In the middle of it, a reader moves from node to node with its cursor, each time after something was told.
    const moved: Heard[] = [];
    let cursor = origin;
    let isWriting = true;
    const written = Promise.all(writing).finally(() => {
      isWriting = false;
    });
    for (let turn = 0; isWriting && turn < MOVES_AT_MOST; turn += 1) {
      const reader = await listen(nodes[turn % 3] ?? one, ada, cursor);
      await Promise.race([written, reader.until((e) => e.type === 'message.created')]);
      moved.push(...reader.heard.filter(({ event }) => event.type !== 'caught-up'));
      cursor = reader.heard.at(-1)?.cursor ?? cursor;
    }
    await written;
    const last = await listen(nodes[2], ada, cursor);
    for (const sessionId of [first, second]) {
      const { lastSeq } = await one.as(ada).session.get({ sessionId });
      const whole = Array.from({ length: lastSeq - 1 }, (_, i) => i + 2); // 1 is the conversation's beginning
      const isLast = (e: ChatEvent) =>
        'seq' in e && 'sessionId' in e && e.sessionId === sessionId && e.seq === lastSeq;
      for (const reader of readers) {
        await reader.until(isLast);
        expect(seqsIn(sessionId, reader.heard)).toEqual(whole);
      }
      // What another node wrote last may come to this one after it has caught up with what it knew.
      if (!moved.some(({ event }) => isLast(event))) await last.until(isLast);
      expect([...seqsIn(sessionId, moved), ...seqsIn(sessionId, last.heard)]).toEqual(whole);
    }
  });
});
