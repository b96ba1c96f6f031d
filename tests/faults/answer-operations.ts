import type { MessageRow } from '../../app/local-db/rows.ts';
import { companyOf } from '../../protocol/company.ts';
import { forkOf } from '../../protocol/forks.ts';
import { newMessageId } from '../../protocol/ids.ts';
import { aMessage, type Done, type Draw, enqueue, type Hands, isMine, text } from './hands.ts';

/** What people do with an answer: judge it, stop it, ask for another version of it or of its question, and turn between them. */
export const answerOperations: Draw[] = [
  [1, 'message.feedback', feedback],
  [1, 'agent.regenerate', regenerate],
  [0.6, 'agent.continue', goOn],
  [0.6, 'agent.stop', stop],
  [1, 'message.send', askAgain],
  [1, 'message.show', show],
];

const isWritten = ({ turn, deletedAt }: MessageRow) =>
  turn !== null && turn.status !== 'streaming' && deletedAt === null;

/** The first of an answer's versions: what all that is said of them is about. */
const firstOf = (row: MessageRow) => row.turn?.versionOf ?? row.branchOf ?? row.id;

async function feedback(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, (one) => one.role === 'assistant' && one.deletedAt === null);
  const value = hands.random.pick(['like', 'dislike'] as const);
  return row && enqueue(hands, 'message.feedback', { messageId: row.id, value }, row.id, value);
}

async function regenerate(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, isWritten);
  return row && enqueue(hands, 'agent.regenerate', { messageId: row.id }, firstOf(row), null);
}

async function goOn(hands: Hands): Promise<Done | null> {
  const brokenOff = ['stopped', 'failed', 'interrupted'];
  const row = await aMessage(
    hands,
    (one) => isWritten(one) && one.content !== '' && brokenOff.includes(one.turn?.status ?? ''),
  );
  return row && enqueue(hands, 'agent.continue', { messageId: row.id }, firstOf(row), null);
}

async function stop(hands: Hands): Promise<Done | null> {
  const row = await aMessage(hands, ({ turn }) => turn?.status === 'streaming');
  return row && enqueue(hands, 'agent.stop', { messageId: row.id }, row.id, null);
}

/** One's own question in other words, where one is alone with Agent Jay. */
async function askAgain(hands: Hands): Promise<Done | null> {
  const { client, session } = hands;
  if (!companyOf(session).isAloneWithAgent) return null;
  const row = await aMessage(
    hands,
    (one) => isMine(one, hands) && one.deletedAt === null && one.local === null,
  );
  if (!row) return null;
  const id = newMessageId();
  const content = text(hands, 'in other words');
  const input = { id, sessionId: session.id, content, branchOf: row.id };
  const mutationId = await client.outbox.enqueue('message.send', input);
  return { op: 'message.send', mutationId, about: id, value: content, versionOf: firstOf(row) };
}

async function show(hands: Hands): Promise<Done | null> {
  const { forks } = hands.session;
  const row = await aMessage(hands, (one) => one.local === null && forkOf(forks, one.id) !== null);
  const fork = row && forkOf(forks, row.id);
  return fork && enqueue(hands, 'message.show', { messageId: row.id }, fork.root, row.id);
}
