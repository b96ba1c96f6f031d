import type { ModelMessage } from 'ai';
import type { z } from 'zod';
import type { ContextUsed } from '../../protocol/context-used.ts';
import { AGENT_ID, type ProjectId } from '../../protocol/ids.ts';
import { SessionType, Settings } from '../../protocol/shapes.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import { CHARACTERS_PER_TOKEN, estimatedTokens } from './estimated-tokens.ts';
import { inOrderOfQuestions } from './in-order-of-questions.ts';
import { nothingRecalled, recall } from './memory/recall.ts';
import { wishToForget } from './memory/wish-to-forget.ts';
import { onPath, pathWhere } from './path.ts';
import { readersOf } from './readers.ts';
import type { Picture } from './seeing.ts';
import { spokenBy, spokenText, withoutRoleMarks } from './spoken-text.ts';
import { usableSummary } from './summary.ts';
import { systemPrompt } from './system-prompt.ts';

export interface TurnContext {
  system: string;
  messages: ModelMessage[];
  /** Of the question. */
  pictures?: readonly Picture[];
  /** What of all that is known the model was given; kept with the answer. */
  used: z.input<typeof ContextUsed>;
}

/** Tokens of conversation that a model is given. */
const TOKEN_BUDGET = 6_000;
const MESSAGES_AT_MOST = 120;

/**
 * What the model is told: who it is, whom it talks with and what it knows of them, and the newest part of the
 * conversation that everyone who will read the answer may see and that fits the budget. Nothing after the question is
 * in it.
 * @returns null when there is nothing to answer any more: the turn is to stop, the question or the answer was deleted,
 *   or Agent Jay left
 */
export async function readContext(
  database: Database,
  turn: ClaimedTurn,
  tokenBudget = TOKEN_BUDGET,
): Promise<TurnContext | null> {
  const { prisma } = database;
  const [session, asked, question] = await Promise.all([
    prisma.chatSession.findUniqueOrThrow({
      where: { id: turn.sessionId },
      include: {
        project: true,
        summary: true,
        members: { where: { leftPos: null }, include: { user: true } },
      },
    }),
    prisma.agentTurn.findUniqueOrThrow({
      where: { messageId: turn.messageId },
      select: { stopRequested: true, message: { select: { deletedAt: true } } },
    }),
    prisma.chatMessage.findUnique({
      where: { id: turn.questionId },
      include: { user: { select: { name: true } } },
    }),
  ]);
  const isMember = session.members.some((member) => member.userId === AGENT_ID);
  if (!question || question.deletedAt !== null) return null;
  if (!isMember || asked.stopRequested || asked.message.deletedAt !== null) return null;

  const { people, isGroup, visibleFrom } = readersOf(session);
  const { forks } = session;
  const summary = usableSummary(session.summary, visibleFrom, question, forks);
  const rows = await prisma.chatMessage.findMany({
    where: {
      sessionId: turn.sessionId,
      seq: { gte: summary ? summary.coversSeq + 1 : visibleFrom, lt: question.seq },
      ...pathWhere(forks, question),
    },
    orderBy: { seq: 'desc' },
    take: MESSAGES_AT_MOST,
    include: {
      user: { select: { name: true } },
      turn: { select: { questionId: true, version: true, status: true } },
    },
  });
  const earlier = onPath(forks, question, rows).filter((row) => row.deletedAt === null);
  const messages: ModelMessage[] = [{ role: 'user', content: spokenText(question.content) }];
  let characters = question.content.length;
  for (const row of inOrderOfQuestions(earlier, turn.questionId).reverse()) {
    const isAnswer = row.userId === AGENT_ID;
    const content = isAnswer
      ? // It may have been talked into repeating one.
        withoutRoleMarks(row.content)
      : isGroup
        ? spokenBy(row.user.name, row.content)
        : spokenText(row.content);
    // The oldest go first; a hole in the middle would mislead.
    if (characters + content.length > tokenBudget * CHARACTERS_PER_TOKEN) break;
    characters += content.length;
    messages.unshift({ role: isAnswer ? 'assistant' : 'user', content });
  }

  // An answer whose question is not there says more about the cut than about the conversation.
  while (messages[0]?.role === 'assistant') characters -= messages.shift()?.content.length ?? 0;

  const asking = people.find((member) => member.userId === turn.askedBy)?.user;
  const settings = Settings.safeParse(asking?.settings ?? {}).data ?? Settings.parse({});
  const { facts, preferences, ids } = settings.memory
    ? await recall(database, turn.askedBy, { isGroup })
    : nothingRecalled;
  // Shared by its owner for as long as they are here; what they noted for themselves is not for others.
  const isShared = people.some((member) => member.userId === session.project?.ownerId);
  const project = isShared && session.project?.deletedAt === null ? session.project : null;
  const system = systemPrompt({
    sessionType: SessionType.catch('general').parse(session.sessionType),
    settings,
    askedBy: isGroup ? question.user.name : null,
    project: project && isGroup ? { ...project, notes: null } : project,
    conversation: noted(session.context),
    facts,
    preferences,
    summary: summary?.content ?? null,
    hasForgotten: question.userId === turn.askedBy && wishToForget(question.content) !== null,
  });
  const { tone, length, language } = settings;
  return {
    system,
    messages,
    used: {
      messages: messages.length,
      tokens: estimatedTokens(characters + system.length),
      summaryUpTo: summary?.coversSeq ?? null,
      projectId: (project?.id ?? null) as ProjectId | null, // written through its schema
      memoryIds: ids,
      style: { tone, length, language },
      isGroup,
    },
  };
}

function noted(context: unknown): object | null {
  return typeof context === 'object' && context !== null && Object.keys(context).length > 0 ? context : null;
}
