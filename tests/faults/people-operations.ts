import { aMessage, aPerson, type Done, type Draw, enqueue, type Hands, isMine, text } from './hands.ts';

/** What people do with each other: who is in a conversation and what they may do there, blocks and reports. */
export const peopleOperations: Draw[] = [
  [0.8, 'session.addMember', addSomebody],
  [0.4, 'session.removeMember', removeSomebody],
  [0.2, 'session.leave', leave],
  [0.3, 'session.setRole', setRole],
  [0.5, 'people.block', block],
  [0.4, 'people.report', report],
];

async function addSomebody(hands: Hands): Promise<Done> {
  const userId = aPerson(hands).me.id;
  return enqueue(hands, 'session.addMember', { sessionId: hands.session.id, userId }, userId, null);
}

async function removeSomebody(hands: Hands): Promise<Done> {
  const userId = aPerson(hands).me.id;
  return enqueue(hands, 'session.removeMember', { sessionId: hands.session.id, userId }, userId, null);
}

async function leave(hands: Hands): Promise<Done> {
  return enqueue(hands, 'session.leave', { sessionId: hands.session.id }, null, null);
}

async function setRole(hands: Hands): Promise<Done | null> {
  const { session, device, random } = hands;
  const own = session.members.find((member) => member.userId === device.person.me.id);
  if (own?.role !== 'owner') return null;
  const userId = aPerson(hands).me.id;
  const role = random.pick(['owner', 'member'] as const);
  return enqueue(hands, 'session.setRole', { sessionId: session.id, userId, role }, userId, role);
}

/** Blocks somebody, or takes it back: more often than not the latter, for a block ends a conversation of two. */
async function block(hands: Hands): Promise<Done> {
  const { me } = aPerson(hands);
  const on = hands.random.chance(0.4);
  const shown = { personName: me.name };
  return enqueue(hands, 'people.block', { userId: me.id, on }, me.id, on ? 'on' : 'off', shown);
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
