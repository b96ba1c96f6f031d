import type { MessageRow, SessionRow } from '../../app/local-db/rows.ts';
import type { ChatClient } from '../../app/sync/chat-client.ts';
import { AGENT_ID, newMessageId, newSessionId } from '../../protocol/ids.ts';
import type { OutboxOp } from '../../protocol/outbox.ts';
import { answerOperations } from './answer-operations.ts';
import type { Device } from './device.ts';
import { sendFiles } from './file-operations.ts';
import {
  aMessage,
  type Done,
  type Draw,
  enqueue,
  type Hands,
  isMine,
  type Operation,
  type Scene,
  text,
} from './hands.ts';
import { keptOperations } from './kept-operations.ts';
import { peopleOperations } from './people-operations.ts';
import { quietOperations } from './quiet-operations.ts';
import type { Random } from './random.ts';

const hasAgent = (session: SessionRow) => session.members.some((member) => member.userId === AGENT_ID);

/** Weighted: writing is what people do most. */
const operations: Draw[] = [
  [8, 'message.send', send],
  [2, 'message.send', reply],
  [1, 'message.send', sendFiles],
  [2, 'message.edit', edit],
  [1, 'message.delete', remove],
  [2, 'message.react', react],
  [1, 'session.update', rename],
  [1, 'me.update', changeName],
  [1, 'message.pin', pin],
  [1, 'session.mine', keepForOneself],
  [0.6, 'session.create', createGroup],
  [1, 'message.forward', forward],
  [0.7, 'message.star', star],
  ...answerOperations,
  ...keptOperations,
  ...peopleOperations,
  ...quietOperations,
];

/** Every kind of change that schedules draw. */
export const drawnOps: ReadonlySet<OutboxOp> = new Set(operations.map(([, op]) => op));

/** Does one random thing on a device, as on its screen: only with what this device's own copy holds. */
export async function act(scene: Scene, device: Device): Promise<void> {
  const { random } = scene;
  const client = random.pick(device.tabs as [ChatClient, ...ChatClient[]]);
  const sessions = (await client.db.listSessions()).filter((session) => !session.left);
  // Their order on the screen follows the clock; a schedule's follows its seed.
  sessions.sort((a, b) => (a.id < b.id ? -1 : 1));
  const [first, ...rest] = sessions;
  if (!first) return;
  const session = random.pick([first, ...rest]);
  const hands = { ...scene, device, client, session };
  let done: Done | null = null;
  // Not everything can be done everywhere: something else, then.
  for (let tries = 0; !done && tries < 4; tries += 1) done = await pickWeighted(random)(hands);
  if (!done) return;
  scene.deeds.push({
    device: device.name,
    life: device.life,
    userId: device.person.me.id,
    sessionId: session.id,
    about: null,
    value: null,
    outcome: 'acknowledged',
    reason: null,
    ...done,
  });
}

function pickWeighted(random: Random): Operation {
  const total = operations.reduce((sum, [weight]) => sum + weight, 0);
  let rest = random.next() * total;
  for (const [weight, , operation] of operations) {
    rest -= weight;
    if (rest <= 0) return operation;
  }
  return send;
}

async function send(hands: Hands): Promise<Done> {
  return post(hands, undefined);
}

async function reply(hands: Hands): Promise<Done | null> {
  const parent = await aMessage(hands, (row) => row.deletedAt === null && row.local?.state !== 'failed');
  return parent && post(hands, parent);
}

async function post(hands: Hands, parent: MessageRow | undefined): Promise<Done> {
  const { client, session, random } = hands;
  const asks = hasAgent(session) && random.chance(0.3) ? '@Jay, ' : '';
  const id = newMessageId();
  const content = asks + text(hands, 'words');
  const input = { id, sessionId: session.id, content, ...(parent ? { parentId: parent.id } : {}) };
  return {
    op: 'message.send',
    mutationId: await client.outbox.enqueue('message.send', input),
    about: id,
    value: content,
  };
}

async function edit(hands: Hands): Promise<Done | null> {
  const mine = await aMessage(hands, (row) => isMine(row, hands) && row.deletedAt === null);
  if (!mine) return null;
  const content = text(hands, 'better words');
  return enqueue(hands, 'message.edit', { messageId: mine.id, content }, mine.id, content);
}

/** Deletes a message of one's own, or takes it back as if it had never been said. */
async function remove(hands: Hands): Promise<Done | null> {
  const mine = await aMessage(hands, (row) => isMine(row, hands) && row.deletedAt === null);
  const undo = hands.random.chance(0.3) ? { undo: true } : {};
  return mine && enqueue(hands, 'message.delete', { messageId: mine.id, ...undo }, mine.id, null);
}

async function react(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.deletedAt === null && one.local === null);
  const on = hands.random.chance(0.7);
  const input = { messageId: row?.id, emoji: '👍', on };
  return row && enqueue(hands, 'message.react', input, row.id, `👍 ${on ? 'on' : 'off'}`);
}

async function pin(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.deletedAt === null && one.local === null);
  const on = hands.random.chance(0.7);
  return row && enqueue(hands, 'message.pin', { messageId: row.id, on }, row.id, on ? 'on' : 'off');
}

/** Pins a conversation for oneself, mutes it, marks it as unread, or none of these any more. */
async function keepForOneself(hands: Hands): Promise<Done> {
  const { random, session } = hands;
  const on = random.chance(0.7);
  const changes: [object, object, object] = [
    { pinned: on },
    { mutedUntil: on ? '2030-01-01T00:00:00.000Z' : null },
    { markedUnread: on },
  ];
  const change = random.pick(changes);
  return enqueue(hands, 'session.mine', { sessionId: session.id, ...change }, null, JSON.stringify(change));
}

async function star(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.deletedAt === null && one.local === null);
  const on = hands.random.chance(0.7);
  return row && enqueue(hands, 'message.star', { messageId: row.id, on }, row.id, on ? 'on' : 'off');
}

/** What a person wrote, into a conversation of this device's own copy, which may be the same one. */
async function forward(hands: Hands): Promise<Done | null> {
  const { client, random } = hands;
  const row = await aMessage(
    hands,
    (one) => one.deletedAt === null && one.local === null && one.role === 'user',
  );
  const targets = (await client.db.listSessions()).filter((session) => !session.left);
  targets.sort((a, b) => (a.id < b.id ? -1 : 1));
  const [first, ...rest] = targets;
  if (!row || !first) return null;
  const id = newMessageId();
  const sessionId = random.pick([first, ...rest]).id;
  const input = { id, messageId: row.id, sessionId };
  return { ...(await enqueue(hands, 'message.forward', input, id, null)), sessionId };
}

async function rename(hands: Hands): Promise<Done | null> {
  // Agent Jay names his conversations himself.
  if (hasAgent(hands.session)) return null;
  const title = text(hands, 'title');
  return enqueue(hands, 'session.update', { sessionId: hands.session.id, title }, null, title);
}

async function changeName(hands: Hands): Promise<Done> {
  const name = text(hands, 'name');
  return enqueue(hands, 'me.update', { name }, null, name);
}

async function createGroup(hands: Hands): Promise<Done> {
  const id = newSessionId();
  const memberIds = hands.people.filter(() => hands.random.chance(0.7)).map((person) => person.me.id);
  const title = text(hands, 'group');
  const input = { id, title, memberIds, withAgent: false, isGroupChat: true };
  return { ...(await enqueue(hands, 'session.create', input, null, null)), sessionId: id };
}
