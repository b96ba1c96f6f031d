import type { ModelMessage } from 'ai';
import { z } from 'zod';
import type { MessageId, SessionId } from '../../protocol/ids.ts';
import { storable } from '../../protocol/text.ts';
import type { Live } from '../realtime/live.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import type { Speaker } from './providers/provider.ts';
import { structuredReply } from './structured-reply.ts';

export const SUGGESTIONS_AT_LEAST = 3;
export const SUGGESTIONS_AT_MOST = 5;
const LENGTH_AT_MOST = 120;

const Suggestions = z.object({ suggestions: z.array(z.string()) });

const WISH =
  `Suggest ${SUGGESTIONS_AT_LEAST} to ${SUGGESTIONS_AT_MOST} short questions that I might ask you next, in the language` +
  ' of this conversation, each under 80 characters. Reply only with JSON: {"suggestions": ["…", "…", "…"]}';

/** Asks the model what the person might say next, keeps it with the answer and tells everyone in the session. */
export async function suggestNext(
  { database, hub }: { database: Database; hub: Pick<Live, 'tellSession'> },
  speaker: Speaker,
  turn: ClaimedTurn,
  exchange: ModelMessage[],
  signal: AbortSignal,
): Promise<void> {
  const later = await database.prisma.agentTurn.count({
    where: { sessionId: turn.sessionId, status: { in: ['queued', 'streaming'] } },
  });
  // The next question is there already.
  if (later > 0) return;
  const messages: ModelMessage[] = [...exchange, { role: 'user', content: WISH }];
  const reply = await structuredReply(speaker, Suggestions, messages, signal);
  const asked = exchange.flatMap(({ role, content }) =>
    role === 'user' && typeof content === 'string' ? [content] : [],
  );
  const suggestions = tidySuggestions(reply.suggestions, asked);
  if (suggestions.length < SUGGESTIONS_AT_LEAST) return;
  await database.prisma.agentTurn.update({ where: { messageId: turn.messageId }, data: { suggestions } });
  // Both were written through their schemas.
  const [sessionId, messageId] = [turn.sessionId as SessionId, turn.messageId as MessageId];
  hub.tellSession(sessionId, { type: 'suggestions', sessionId, messageId, suggestions });
}

/** One line each, without numbering or quotes, no two alike, none that was just asked, none too long to tap. */
export function tidySuggestions(raw: readonly string[], asked: readonly string[] = []): string[] {
  const known = new Set(asked.map(likeness));
  const tidy: string[] = [];
  for (const text of raw) {
    const line = storable(text)
      .replace(/\s+/g, ' ')
      .replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/, '')
      .replace(/^["“”'](.*)["“”']$/, '$1')
      .trim();
    if (likeness(line) === '' || line.length > LENGTH_AT_MOST || known.has(likeness(line))) continue;
    known.add(likeness(line));
    tidy.push(line);
  }
  return tidy.slice(0, SUGGESTIONS_AT_MOST);
}

const likeness = (text: string) =>
  text
    .toLocaleLowerCase('en')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
