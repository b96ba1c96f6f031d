import { generateText, type ModelMessage, Output } from 'ai';
import { z } from 'zod';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { SessionType } from '../../protocol/shapes.ts';
import { DEFAULT_TITLE } from '../domain/create-session.ts';
import type { Log } from '../log/log.ts';
import type { Hub } from '../realtime/hub.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import type { Provider } from './providers/provider.ts';
import { starters } from './starters.ts';

export interface AfterAnswerOptions {
  database: Database;
  log: Log;
  hub: Hub;
  provider: Provider;
}

const FEWEST = 3;
const MOST = 5;
const WITHIN_MS = 20_000;
const Suggestions = z.object({ suggestions: z.array(z.string()) });
const Title = z.object({ title: z.string() });

/** What follows an answer that stands: things to say next and, after the first exchange, a title. */
export function createAfterAnswer(options: AfterAnswerOptions): (turn: ClaimedTurn) => Promise<void> {
  return async (turn) => {
    const messages = await exchangeOf(options.database, turn);
    await Promise.all([suggest(options, turn, messages), entitle(options, turn, messages)]);
  };
}

/** 3–5 things to say: after an answer what the model suggested, in an empty conversation its starters. */
export function createSuggestionReader({ prisma }: Database): (sessionId: SessionId) => Promise<string[]> {
  return async (sessionId) => {
    const turn = await prisma.agentTurn.findFirst({
      where: { sessionId, status: 'done' },
      orderBy: { endedAt: 'desc' },
      select: { suggestions: true },
    });
    const stored = z.array(z.string()).min(FEWEST).max(MOST).safeParse(turn?.suggestions);
    if (stored.success) return stored.data;
    const session = await prisma.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
    return [...starters[SessionType.catch('general').parse(session.sessionType)]];
  };
}

async function exchangeOf({ prisma }: Database, turn: ClaimedTurn): Promise<ModelMessage[]> {
  const rows = await prisma.chatMessage.findMany({
    where: { id: { in: [turn.questionId, turn.messageId] } },
  });
  const textOf = (id: string) => rows.find((row) => row.id === id)?.content ?? '';
  return [
    { role: 'user', content: textOf(turn.questionId) },
    { role: 'assistant', content: textOf(turn.messageId) },
  ];
}

async function suggest(
  { database, hub, provider }: AfterAnswerOptions,
  turn: ClaimedTurn,
  messages: ModelMessage[],
): Promise<void> {
  const { output } = await generateText({
    model: provider.chain[0].model,
    output: Output.object({ schema: Suggestions }),
    messages: [
      ...messages,
      {
        role: 'user',
        content: `Suggest ${FEWEST} to ${MOST} short questions that I might ask next, in my language.`,
      },
    ],
    abortSignal: AbortSignal.timeout(WITHIN_MS),
  });
  const suggestions = [...new Set(output.suggestions.map((text) => text.trim().slice(0, 120)))]
    .filter(Boolean)
    .slice(0, MOST);
  if (suggestions.length < FEWEST) return;
  await database.prisma.agentTurn.update({ where: { messageId: turn.messageId }, data: { suggestions } });
  // Both were written through their schemas.
  const [sessionId, messageId] = [turn.sessionId as SessionId, turn.messageId as MessageId];
  hub.tellSession(sessionId, { type: 'suggestions', sessionId, messageId, suggestions });
}

async function entitle(
  { database, log, provider }: AfterAnswerOptions,
  turn: ClaimedTurn,
  messages: ModelMessage[],
): Promise<void> {
  const before = await database.prisma.chatSession.findUnique({
    where: { id: turn.sessionId },
    select: { title: true },
  });
  if (before?.title !== DEFAULT_TITLE) return;
  const { output } = await generateText({
    model: provider.chain[0].model,
    output: Output.object({ schema: Title }),
    messages: [
      ...messages,
      { role: 'user', content: 'Give this conversation a title of three to six words, in its language.' },
    ],
    abortSignal: AbortSignal.timeout(WITHIN_MS),
  });
  const title = output.title
    .trim()
    .replace(/^["“]|["”.]$/g, '')
    .slice(0, 80);
  if (title === '') return;
  await log.change(async (change) => {
    // Somebody may have named it meanwhile: theirs stays.
    const renamed = await change.tx.chatSession.updateMany({
      where: { id: turn.sessionId, title: DEFAULT_TITLE },
      data: { title },
    });
    const sessionId = turn.sessionId as SessionId; // written through its schema
    if (renamed.count > 0)
      await change.append(sessionId, { type: 'session.updated', changes: { title }, at: change.at });
  });
}
