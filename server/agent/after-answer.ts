import { z } from 'zod';
import type { SessionId } from '../../protocol/ids.ts';
import { SessionType } from '../../protocol/shapes.ts';
import type { Log } from '../log/log.ts';
import type { Live } from '../realtime/live.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import { exchangeOf } from './exchange.ts';
import { starters } from './guide/starters.ts';
import type { Provider } from './providers/provider.ts';
import { SUGGESTIONS_AT_LEAST, SUGGESTIONS_AT_MOST, suggestNext } from './suggestions.ts';
import { entitle } from './title.ts';

export interface AfterAnswerOptions {
  database: Database;
  log: Log;
  hub: Pick<Live, 'tellSession'>;
  provider: Provider;
}

const Stored = z.array(z.string()).min(SUGGESTIONS_AT_LEAST).max(SUGGESTIONS_AT_MOST);

/**
 * What follows an answer that stands: things to say next and, after the first exchange, a title. Neither waits for the
 * other; rejects with the first failure after both have ended.
 */
export function createAfterAnswer(
  options: AfterAnswerOptions,
): (turn: ClaimedTurn, signal: AbortSignal) => Promise<void> {
  return async (turn, signal) => {
    const [speaker] = options.provider.chain;
    const exchange = await exchangeOf(options.database, turn);
    if (!exchange) return;
    const ends = await Promise.allSettled([
      suggestNext(options, speaker, turn, exchange, signal),
      entitle(options, speaker, turn, exchange, signal),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
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
