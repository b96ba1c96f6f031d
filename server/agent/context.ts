import type { ModelMessage } from 'ai';
import { AGENT_ID } from '../../protocol/ids.ts';
import { SessionType, Settings } from '../../protocol/shapes.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import { spokenBy, spokenText } from './spoken-text.ts';
import { systemPrompt } from './system-prompt.ts';

export interface TurnContext {
  system: string;
  messages: ModelMessage[];
  /** What of the conversation the model was given; tokens are estimated. */
  used: { messages: number; tokens: number };
}

/** Tokens of conversation that a model is given, at about four characters each. */
const TOKEN_BUDGET = 6_000;
const CHARACTERS_PER_TOKEN = 4;
const MESSAGES_AT_MOST = 120;
const ENDED = ['done', 'stopped', 'failed', 'interrupted'];

/**
 * What the model is told: who it is, whom it talks with, and the newest part of the conversation that everyone who will
 * read the answer may see and that fits the budget. Nothing after the question is in it.
 * @returns null when there is nothing to answer any more: the turn is to stop, the question or the answer was deleted,
 *   or Agent Jay left
 */
export async function readContext(
  { prisma }: Database,
  turn: ClaimedTurn,
  tokenBudget = TOKEN_BUDGET,
): Promise<TurnContext | null> {
  const [session, asked, rows] = await Promise.all([
    prisma.chatSession.findUniqueOrThrow({
      where: { id: turn.sessionId },
      include: { project: true, members: { where: { leftPos: null }, include: { user: true } } },
    }),
    prisma.agentTurn.findUniqueOrThrow({
      where: { messageId: turn.messageId },
      select: { stopRequested: true, message: { select: { deletedAt: true } } },
    }),
    prisma.chatMessage.findMany({
      where: { sessionId: turn.sessionId, seq: { lte: turn.questionSeq } },
      orderBy: { seq: 'desc' },
      take: MESSAGES_AT_MOST,
      include: {
        user: { select: { name: true } },
        turn: { select: { questionId: true, version: true, status: true } },
      },
    }),
  ]);
  const question = rows[0];
  const isMember = session.members.some((member) => member.userId === AGENT_ID);
  const isGone = !question || question.id !== turn.questionId || question.deletedAt !== null;
  if (isGone || !isMember || asked.stopRequested || asked.message.deletedAt !== null) return null;

  const people = session.members.filter((member) => member.userId !== AGENT_ID);
  const isGroup = session.isGroupChat || people.length > 1;
  // A group's context holds nothing that not all readers may see.
  const visibleFrom = Math.max(1, ...people.map((member) => member.joinSeq));
  const earlier = rows.slice(1).filter((row) => row.deletedAt === null && row.seq >= visibleFrom);
  const messages: ModelMessage[] = [{ role: 'user', content: spokenText(question.content) }];
  let characters = question.content.length;
  for (const row of inOrderOfQuestions(earlier, turn.questionId).reverse()) {
    const isAnswer = row.userId === AGENT_ID;
    const content = isAnswer
      ? row.content
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
  const system = systemPrompt({
    sessionType: SessionType.catch('general').parse(session.sessionType),
    settings: Settings.safeParse(asking?.settings ?? {}).data ?? Settings.parse({}),
    askedBy: isGroup ? question.user.name : null,
    project: session.project,
  });
  const tokens = Math.ceil((characters + system.length) / CHARACTERS_PER_TOKEN);
  return { system, messages, used: { messages: messages.length, tokens } };
}

interface Row {
  id: string;
  seq: number;
  content: string;
  turn: { questionId: string; version: number; status: string } | null;
}

/**
 * Oldest first. Of several versions of an answer only the newest that has text stays, right behind its question,
 * wherever it was written. Other answers to the question being answered now are left out.
 */
function inOrderOfQuestions<R extends Row>(rows: readonly R[], questionId: string): R[] {
  const seqOf = new Map(rows.map((row) => [row.id, row.seq]));
  const newest = new Map<string, R>();
  for (const row of rows) {
    if (!row.turn || row.content === '' || !ENDED.includes(row.turn.status)) continue;
    const rival = newest.get(row.turn.questionId);
    if ((rival?.turn?.version ?? 0) < row.turn.version) newest.set(row.turn.questionId, row);
  }
  newest.delete(questionId);
  const place = (row: R) => (row.turn ? (seqOf.get(row.turn.questionId) ?? row.seq) + 0.5 : row.seq);
  return rows
    .filter((row) => row.content !== '' && (!row.turn || newest.get(row.turn.questionId) === row))
    .sort((a, b) => place(a) - place(b));
}
