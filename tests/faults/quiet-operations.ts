import { aMessage, type Done, type Draw, enqueue, type Hands, text } from './hands.ts';

/** What goes out without being asked: how far somebody has read, and what they are writing. */
export const quietOperations: Draw[] = [
  [1, 'receipt.mark', markRead],
  [0.7, 'thread.read', markThread],
  [0.5, 'draft.set', writeDraft],
  [0.5, 'draft.set', tellDraft],
];

/** Any seq, also one behind what was marked before: a mark only moves forward. */
const someSeq = ({ random, session }: Hands) => random.between(1, Math.max(1, session.lastSeq));

async function markRead(hands: Hands): Promise<Done | null> {
  const { session, device } = hands;
  const isMember = session.members.some((member) => member.userId === device.person.me.id);
  if (session.pendingCreate || !isMember) return null;
  const seq = someSeq(hands);
  const input = { sessionId: session.id, readSeq: seq, deliveredSeq: seq };
  return enqueue(hands, 'receipt.mark', input, null, `${seq}`);
}

async function markThread(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.local === null);
  if (!row) return null;
  const messageId = row.parentId ?? row.id;
  const seq = someSeq(hands);
  const input = { sessionId: hands.session.id, messageId, readSeq: seq };
  return enqueue(hands, 'thread.read', input, messageId, `${seq}`);
}

/** As one types: the other devices are told once the typing pauses, unless this tab is gone by then. */
async function writeDraft(hands: Hands): Promise<Done> {
  const { client, session } = hands;
  const content = text(hands, 'draft');
  await client.saveDraft({ sessionId: session.id }, content);
  return { op: 'draft.set', mutationId: 'told later', value: content, outcome: 'unknown' };
}

/** As after the pause. */
async function tellDraft(hands: Hands): Promise<Done> {
  const { client, session, random } = hands;
  // Emptied, as after sending.
  const content = random.chance(0.3) ? '' : text(hands, 'told draft');
  const at = new Date().toISOString();
  await client.db.drafts.save({ sessionId: session.id }, content, at);
  return {
    ...(await enqueue(hands, 'draft.set', { sessionId: session.id, content, at }, null, content)),
    at,
  };
}
