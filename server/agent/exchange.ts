import type { ModelMessage } from 'ai';
import type { Database } from '../store/database.ts';
import type { ClaimedTurn } from '../store/turn-sql.ts';
import { spokenText } from './spoken-text.ts';

/** Enough of an answer to say what could be asked next. */
const ANSWER_AT_MOST = 4_000;

/** A question and its answer, as they are stored now; null when one of them was deleted meanwhile. */
export async function exchangeOf({ prisma }: Database, turn: ClaimedTurn): Promise<ModelMessage[] | null> {
  const rows = await prisma.chatMessage.findMany({
    where: { id: { in: [turn.questionId, turn.messageId] }, deletedAt: null },
  });
  const question = rows.find((row) => row.id === turn.questionId);
  const answer = rows.find((row) => row.id === turn.messageId);
  if (!question || !answer) return null;
  return [
    { role: 'user', content: spokenText(question.content) },
    { role: 'assistant', content: answer.content.slice(0, ANSWER_AT_MOST) },
  ];
}
