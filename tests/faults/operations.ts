import type { MessageRow, SessionRow } from '../../app/local-db/rows.ts';
import type { ChatClient } from '../../app/sync/chat-client.ts';
import { AGENT_ID, newMessageId, newSessionId, type SessionId } from '../../protocol/ids.ts';
import type { Device } from './device.ts';
import { type Done, enqueue, type Hands, type Operation, type Scene, text } from './hands.ts';
import { keptOperations } from './kept-operations.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';

const hasAgent = (session: SessionRow) => session.members.some((member) => member.userId === AGENT_ID);

/** Weighted: writing is what people do most. */
const operations: [number, Operation][] = [
  [8, send],
  [2, reply],
  [2, edit],
  [1, remove],
  [2, react],
  [1, feedback],
  [1, mark],
  [1, rename],
  [1, writeDraft],
  [1, changeName],
  [1, pin],
  [1, keepForOneself],
  [0.6, createGroup],
  [0.8, addSomebody],
  [0.4, removeSomebody],
  [0.2, leave],
  [0.3, setRole],
  [1, forward],
  [0.7, star],
  [0.4, report],
  ...keptOperations,
];

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
  const operation = pickWeighted(random);
  const done = await operation({ ...scene, device, client, session });
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
  for (const [weight, operation] of operations) {
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

async function remove(hands: Hands): Promise<Done | null> {
  const mine = await aMessage(hands, (row) => isMine(row, hands) && row.deletedAt === null);
  return mine && enqueue(hands, 'message.delete', { messageId: mine.id }, mine.id, null);
}

async function react(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.deletedAt === null && one.local === null);
  const on = hands.random.chance(0.7);
  const input = { messageId: row?.id, emoji: '👍', on };
  return row && enqueue(hands, 'message.react', input, row.id, `👍 ${on ? 'on' : 'off'}`);
}

async function feedback(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.role === 'assistant' && one.deletedAt === null);
  const value = hands.random.pick(['like', 'dislike'] as const);
  return row && enqueue(hands, 'message.feedback', { messageId: row.id, value }, row.id, value);
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

/** Each with words of its own, so that a report which is made twice is found. */
async function report(hands: Hands): Promise<Done | null> {
  const row = await aMessage(
    hands,
    (one) => one.local === null && one.role === 'user' && !isMine(one, hands),
  );
  const reason = text(hands, 'reason');
  return row && enqueue(hands, 'people.report', { messageId: row.id, reason }, row.id, reason);
}

async function setRole(hands: Hands): Promise<Done | null> {
  const { session, device, random } = hands;
  const own = session.members.find((member) => member.userId === device.person.me.id);
  if (own?.role !== 'owner') return null;
  const { userId } = aPerson(hands);
  const role = random.pick(['owner', 'member'] as const);
  return enqueue(hands, 'session.setRole', { sessionId: session.id, userId, role }, userId, role);
}

async function mark(hands: Hands): Promise<null> {
  await hands.client.markRead(hands.session.id, hands.session.lastSeq);
  return null;
}

async function rename(hands: Hands): Promise<Done | null> {
  // Agent Jay names his conversations himself.
  if (hasAgent(hands.session)) return null;
  const title = text(hands, 'title');
  return enqueue(hands, 'session.update', { sessionId: hands.session.id, title }, null, title);
}

async function writeDraft(hands: Hands): Promise<null> {
  await hands.client.saveDraft({ sessionId: hands.session.id }, text(hands, 'draft'));
  return null;
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

async function addSomebody(hands: Hands): Promise<Done> {
  const { userId } = aPerson(hands);
  return enqueue(hands, 'session.addMember', { sessionId: hands.session.id, userId }, userId, null);
}

async function removeSomebody(hands: Hands): Promise<Done> {
  const { userId } = aPerson(hands);
  return enqueue(hands, 'session.removeMember', { sessionId: hands.session.id, userId }, userId, null);
}

async function leave(hands: Hands): Promise<Done> {
  return enqueue(hands, 'session.leave', { sessionId: hands.session.id }, null, null);
}

const isMine = (row: MessageRow, { device }: Hands) => row.userId === device.person.me.id;

function aPerson({ people, random }: Hands): { userId: string } {
  return { userId: random.pick(people as [Person, ...Person[]]).me.id };
}

async function aMessage(
  { client, session, random }: Hands,
  accepts: (row: MessageRow) => boolean,
): Promise<MessageRow | null> {
  const rows = (await client.db.listMessages(session.id as SessionId, { limit: 200 })).filter(accepts);
  const [first, ...rest] = rows;
  return first ? random.pick([first, ...rest]) : null;
}
