import { generateText, type ModelMessage, tool } from 'ai';
import { z } from 'zod';
import { companyOf } from '../../../protocol/company.ts';
import { type MessageId, newMemoryId, type SessionId, type UserId } from '../../../protocol/ids.ts';
import { limits } from '../../../protocol/limits.ts';
import { MemoryContent, MemoryKind } from '../../../protocol/memory.ts';
import { Settings } from '../../../protocol/shapes.ts';
import { forgetMemories, keepMemory } from '../../domain/keep-memory.ts';
import type { Change } from '../../log/change.ts';
import type { Log } from '../../log/log.ts';
import type { Database } from '../../store/database.ts';
import type { ClaimedTurn } from '../../store/turn-sql.ts';
import { dataLine, labels } from '../prompt-data.ts';
import type { Speaker } from '../providers/provider.ts';
import { spokenText } from '../spoken-text.ts';
import { within } from '../within.ts';
import { isAlike } from './likeness.ts';
import { wishToForget } from './wish-to-forget.ts';

const NEW_AT_MOST = 3;
/** Of what is known the newest that the model is shown, so that it can put it right. */
const KNOWN_AT_MOST = 40;
const WITHIN_MS = 20_000;

const Proposal = z.object({
  kind: MemoryKind,
  text: z.string().describe('One sentence about the student, without their name'),
  replaces: z
    .number()
    .int()
    .nullish()
    .describe('The number of what is remembered already and no longer true'),
});
type Proposal = z.infer<typeof Proposal>;

/** What a model may ask for; its arguments are validated like anything from outside. */
const tools = {
  remember: tool({
    description:
      'Remembers lasting facts that the student just told about themselves or their project, or how they like to be answered.',
    inputSchema: z.object({ memories: z.array(Proposal) }),
  }),
};

const SYSTEM = [
  'You keep a short list of what is worth remembering of a student in later conversations.',
  'Look only at what the student says in their last message. Call "remember" for what they tell of themselves or their',
  'project and what will still be true next month (a topic, a field, a deadline, a name to be called by), or for how they',
  'like answers to be. Never remember questions, guesses, health, religion, politics, passwords, or what others are like.',
  'When there is nothing of the kind, which is usual, call nothing and reply "nothing".',
].join(' ');

export interface LearnOptions {
  database: Database;
  log: Log;
  /** Labels of services that refused the request, for they know no tools: added to here, and not asked again. */
  withoutTools: Set<string>;
}

/** Learns from what was asked, for the one who asked; in a conversation with others nothing is learnt. */
export async function learn(
  { database, log, withoutTools }: LearnOptions,
  speaker: Speaker,
  turn: ClaimedTurn,
  exchange: ModelMessage[],
  signal: AbortSignal,
): Promise<void> {
  const [question] = exchange;
  const said = typeof question?.content === 'string' ? question.content : '';
  if (turn.version > 1 || wishToForget(said) || said.trim().split(/\s+/).length < 2) return;
  if (!question || withoutTools.has(speaker.label) || !(await mayLearn(database, turn))) return;
  const known = await database.prisma.memory.findMany({
    where: { userId: turn.askedBy, deletedAt: null },
    orderBy: { updatedAt: 'desc' },
    take: KNOWN_AT_MOST,
    select: { id: true, content: true },
  });
  const list = known.map(({ content }, number) => ({ number, content }));
  const system = `${SYSTEM}\n${dataLine(labels.known, list)}`;
  const proposed = await propose(speaker, system, [question], signal);
  if (proposed === null) withoutTools.add(speaker.label);
  if (proposed?.length) await log.change((change) => keep(change, turn, said, known, proposed));
}

/** @returns null where the service refuses to be asked with tools */
async function propose(
  { model }: Speaker,
  system: string,
  messages: ModelMessage[],
  signal: AbortSignal,
): Promise<Proposal[] | null> {
  try {
    const { toolCalls } = await within(WITHIN_MS, signal, (abortSignal) =>
      generateText({ model, system, messages, tools, abortSignal, maxRetries: 1 }),
    );
    return toolCalls
      .filter(({ toolName }) => toolName === 'remember')
      .flatMap(({ input }) => proposalsIn(input));
  } catch (error) {
    const isRefused = error instanceof Error && 'statusCode' in error && error.statusCode === 400;
    if (!isRefused) throw error;
    return null;
  }
}

/** What of the arguments is well-formed; the rest is dropped without a word. */
function proposalsIn(input: unknown): Proposal[] {
  const raw = z.object({ memories: z.array(z.unknown()) }).safeParse(input).data?.memories ?? [];
  return raw.flatMap((one) => Proposal.safeParse(one).data ?? []);
}

/** Alone with Agent Jay, and not switched off. */
async function mayLearn({ prisma }: Database, { sessionId, askedBy }: ClaimedTurn): Promise<boolean> {
  const session = await prisma.chatSession.findUnique({
    where: { id: sessionId },
    select: {
      isGroupChat: true,
      members: { where: { leftPos: null }, select: { userId: true, user: true } },
    },
  });
  if (!session) return false;
  const { people, isAloneWithAgent } = companyOf(session);
  const [asking] = people;
  if (!isAloneWithAgent || asking?.userId !== askedBy) return false;
  return Settings.safeParse(asking.user.settings ?? {}).data?.memory ?? true;
}

async function keep(
  change: Change,
  turn: ClaimedTurn,
  said: string,
  known: readonly { id: string }[],
  proposed: readonly Proposal[],
): Promise<void> {
  const { tx } = change;
  // Written through their schemas.
  const [userId, sourceMessageId, sourceSessionId] = [
    turn.askedBy as UserId,
    turn.questionId as MessageId,
    turn.sessionId as SessionId,
  ];
  // Deleted, changed or taken back meanwhile: then it was not to be learnt.
  const later = await tx.chatMessage.findMany({
    where: { sessionId: turn.sessionId, userId: turn.askedBy, seq: { gte: turn.questionSeq } },
    orderBy: { seq: 'asc' },
    select: { id: true, content: true, deletedAt: true },
  });
  const [question, ...after] = later;
  if (question?.id !== sourceMessageId || question.deletedAt || spokenText(question.content) !== said) return;
  if (after.some(({ content }) => wishToForget(content))) return;
  const held = await tx.memory.findMany({
    where: { userId, deletedAt: null },
    select: { id: true, content: true },
  });
  let room = Math.min(NEW_AT_MOST, limits.memoriesPerPerson - held.length);
  for (const { kind, text, replaces } of proposed) {
    const content = MemoryContent.safeParse(text).data;
    if (room <= 0 || !content) continue;
    const old = replaces == null ? undefined : held.find(({ id }) => id === known[replaces]?.id);
    const isOld = (row: { id: string; content: string }) =>
      row.id !== old?.id && isAlike(row.content, content);
    if (held.some(isOld) || old?.content === content) continue;
    if (old) await forgetMemories(change, userId, [old.id]);
    const id = newMemoryId();
    await keepMemory(change, userId, { id, kind, content, origin: 'said', sourceMessageId, sourceSessionId });
    held.push({ id, content });
    room -= 1;
  }
}
