import type { ModelMessage } from 'ai';
import { z } from 'zod';
import type { SessionId } from '../../protocol/ids.ts';
import { UNTITLED } from '../../protocol/shapes.ts';
import { asLine, storable } from '../../protocol/text.ts';
import type { Log } from '../log/log.ts';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import type { Speaker } from './providers/provider.ts';
import { structuredReply } from './structured-reply.ts';

const LENGTH_AT_MOST = 80;
const Title = z.object({ title: z.string() });
const WISH =
  'Give this conversation a title of three to six words, in its language, without quotes or a full stop. Reply only with' +
  ' JSON: {"title": "…"}';

/** Names a conversation after its first exchange; one that somebody named keeps that name. */
export async function entitle(
  { database, log }: { database: Database; log: Log },
  speaker: Speaker,
  turn: ClaimedTurn,
  exchange: ModelMessage[],
  signal: AbortSignal,
): Promise<void> {
  const session = await database.prisma.chatSession.findUnique({
    where: { id: turn.sessionId },
    select: { title: true },
  });
  if (session?.title !== UNTITLED) return;
  const messages: ModelMessage[] = [...exchange, { role: 'user', content: WISH }];
  const title = tidyTitle((await structuredReply(speaker, Title, messages, signal)).title);
  if (title === '' || title === UNTITLED) return;
  await log.change(async (change) => {
    // Somebody may have named it meanwhile: theirs stays.
    const renamed = await change.tx.chatSession.updateMany({
      where: { id: turn.sessionId, title: UNTITLED },
      data: { title },
    });
    if (renamed.count === 0) return;
    const sessionId = turn.sessionId as SessionId; // written through its schema
    await change.append(sessionId, { type: 'session.updated', changes: { title }, at: change.at });
  });
}

/** One line of at most 80 characters, cut between words. */
export function tidyTitle(raw: string): string {
  const line = asLine(storable(raw))
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^["“”'#\s]+|["“”'.\s]+$/g, '');
  if (line.length <= LENGTH_AT_MOST) return line;
  const words = line.slice(0, LENGTH_AT_MOST + 1).replace(/\s\S*$/, '');
  return storable(words.slice(0, LENGTH_AT_MOST));
}
