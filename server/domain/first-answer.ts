import type { MessageId } from '../../protocol/ids.ts';
import type { Reader } from './deps.ts';

/** The first version of the answer to a question; null when it asked for none. */
export async function firstAnswerTo(reader: Reader, questionId: MessageId): Promise<MessageId | null> {
  const turn = await reader.agentTurn.findUnique({
    where: { questionId_version: { questionId, version: 1 } },
    select: { messageId: true },
  });
  return turn ? (turn.messageId as MessageId) : null; // minted by the log, or with the question
}
