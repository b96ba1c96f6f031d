import { z } from 'zod';
import type { SessionId } from '../../protocol/ids.ts';
import { SessionType } from '../../protocol/shapes.ts';
import { starters } from '../../protocol/starters.ts';
import type { Log } from '../log/log.ts';
import type { Live } from '../realtime/live.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import { type BackgroundOptions, backgroundSpeaker } from './background-speaker.ts';
import { exchangeOf } from './exchange.ts';
import { learn } from './memory/learn.ts';
import type { Speaker } from './providers/provider.ts';
import { SUGGESTIONS_AT_LEAST, SUGGESTIONS_AT_MOST, suggestNext } from './suggestions.ts';
import { type SummaryLimits, summarise, summaryLimits } from './summary.ts';
import { entitle } from './title.ts';

export interface AfterAnswerOptions extends BackgroundOptions {
  log: Log;
  hub: Pick<Live, 'tellSession'>;
  summaryLimits?: SummaryLimits;
}

const Stored = z.array(z.string()).min(SUGGESTIONS_AT_LEAST).max(SUGGESTIONS_AT_MOST);

/**
 * What follows an answer that stands: things to say next, a title after the first exchange, what is worth remembering,
 * and a summary once the conversation has grown long. None waits for another; rejects with the first failure after all
 * have ended.
 */
export function createAfterAnswer(
  options: AfterAnswerOptions,
): (turn: ClaimedTurn, signal: AbortSignal) => Promise<void> {
  const learning = { ...options, withoutTools: new Set<string>() };
  return async (turn, signal) => {
    const exchange = await exchangeOf(options.database, turn);
    if (!exchange) return;
    const speaker = await backgroundSpeaker(options, await whoAnswered(options, turn), turn.askedBy);
    if (!speaker) return;
    const ends = await Promise.allSettled([
      suggestNext(options, speaker, turn, exchange, signal),
      entitle(options, speaker, turn, exchange, signal),
      learn(learning, speaker, turn, exchange, signal),
      summarise(options, speaker, turn, signal, options.summaryLimits ?? summaryLimits),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
}

/** Whoever wrote the answer goes on: where somebody stood in, the one they stood in for is not to be asked now. */
async function whoAnswered({ database, provider }: AfterAnswerOptions, turn: ClaimedTurn): Promise<Speaker> {
  const row = await database.prisma.agentTurn.findUnique({
    where: { messageId: turn.messageId },
    select: { provider: true, model: true },
  });
  const isTheirs = (one: Speaker) => one.provider === row?.provider && one.modelId === row.model;
  return provider.chain.find(isTheirs) ?? provider.chain[0];
}

/** 3–5 things to say: what the model suggested after the last answer, or the starters of such a conversation. */
export function createSuggestionReader({ prisma }: Database): (sessionId: SessionId) => Promise<string[]> {
  return async (sessionId) => {
    const [turn, session] = await Promise.all([
      prisma.agentTurn.findFirst({
        where: { sessionId, status: 'done', message: { deletedAt: null } },
        orderBy: { endedAt: 'desc' },
        select: { suggestions: true },
      }),
      prisma.chatSession.findUniqueOrThrow({ where: { id: sessionId }, select: { sessionType: true } }),
    ]);
    const stored = Stored.safeParse(turn?.suggestions);
    return stored.data ?? [...starters[SessionType.catch('general').parse(session.sessionType)]];
  };
}
