import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type MessageId, newMessageId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { requireLiving, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/** Asks the same question again: a new version of the answer, beside the old ones. */
export function regenerateAnswer(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'agent.regenerate'>,
): Promise<{ messageId: MessageId; duplicate: boolean }> {
  return once(deps.log, account, 'agent.regenerate', input, async (change) => {
    const { tx } = change;
    const { message, sessionId } = await requireMessage(tx, input.messageId, account.userId);
    requireLiving(message);
    const { turn } = message;
    if (!turn) throw new ChatError('CONFLICT', 'Only an answer of Agent Jay can be written anew.');
    const running = await tx.agentTurn.findFirst({
      where: { questionId: turn.questionId, status: { in: ['queued', 'streaming'] } },
    });
    if (running)
      throw new ChatError(
        'CONFLICT',
        'An answer to this question is being written right now. Stop it first.',
      );
    const { _max } = await tx.agentTurn.aggregate({
      where: { questionId: turn.questionId },
      _max: { version: true },
    });
    const messageId = newMessageId();
    await change.append(sessionId, async (seq) => {
      await tx.chatMessage.create({
        data: {
          id: messageId,
          sessionId,
          seq,
          userId: AGENT_ID,
          role: 'assistant',
          content: '',
          sendHash: '',
          createdAt: change.now,
        },
      });
      await tx.agentTurn.create({
        data: {
          messageId,
          sessionId,
          questionId: turn.questionId,
          askedBy: account.userId,
          version: (_max.version ?? 1) + 1,
          versionOf: turn.versionOf ?? turn.messageId,
          createdAt: change.now,
        },
      });
      await tx.chatSession.update({
        where: { id: sessionId },
        data: { totalMessages: { increment: 1 }, lastActivity: change.now },
      });
      const row = await tx.chatMessage.findUniqueOrThrow({
        where: { id: messageId },
        include: messageParts(account.userId as UserId),
      });
      return { type: 'message.created', message: toChatMessage(row) };
    });
    change.turnAsked = true;
    return { messageId };
  });
}
