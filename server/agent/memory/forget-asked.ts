import type { UserId } from '../../../protocol/ids.ts';
import { forgetMemories } from '../../domain/keep-memory.ts';
import type { Log } from '../../log/log.ts';
import type { Database } from '../../store/database.ts';
import type { ClaimedTurn } from '../../store/turn-sql.ts';
import { isAbout, wishToForget } from './wish-to-forget.ts';

/** "That" is what was learnt from the last words before the wish: so many messages of the same person. */
const JUST_SAID = 2;

/**
 * Does what "forget that" asks before anything is answered, so that the answer is given without it. Doing it again
 * finds nothing more to forget.
 */
export async function forgetAsked({ prisma }: Database, log: Log, turn: ClaimedTurn): Promise<void> {
  const question = await prisma.chatMessage.findUnique({
    where: { id: turn.questionId },
    select: { content: true, userId: true, seq: true },
  });
  const wish = question ? wishToForget(question.content) : null;
  // Whoever asks for another version of an answer did not ask to forget.
  if (!question || !wish || question.userId !== turn.askedBy) return;
  await log.change(async (change) => {
    const userId = question.userId as UserId; // written through its schema
    const held = await change.tx.memory.findMany({ where: { userId, deletedAt: null } });
    if (wish.kind === 'that') {
      const said = await change.tx.chatMessage.findMany({
        where: { sessionId: turn.sessionId, userId, seq: { lt: question.seq } },
        orderBy: { seq: 'desc' },
        take: JUST_SAID,
        select: { id: true },
      });
      const sources = new Set<string | null>(said.map(({ id }) => id));
      return forgetMemories(change, userId, idsOf(held.filter((row) => sources.has(row.sourceMessageId))));
    }
    const meant = wish.kind === 'all' ? held : held.filter((row) => isAbout(row.content, wish.words));
    return forgetMemories(change, userId, idsOf(meant));
  });
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
