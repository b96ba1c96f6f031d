import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { TurnStatus } from '../../protocol/shapes.ts';
import { toTurn } from '../domain/shapes.ts';
import type { Log } from '../log/log.ts';

export interface TurnRef {
  messageId: MessageId;
  sessionId: SessionId;
}

export interface TurnEnd {
  status: Exclude<TurnStatus, 'streaming'>;
  content: string;
  model: string | null;
  provider: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  timeToFirstTokenMs: number | null;
  /** Seconds. */
  aiResponseTime: number | null;
  contextUsed: { messages: number; tokens: number } | null;
  error: string | null;
}

/**
 * Ends a turn exactly once (invariant 16): its text, its record and its event commit together, and only while the turn
 * is still open and, where a node is named, still leased by it.
 * @returns false when somebody else ended it
 */
export function finishTurn(
  log: Log,
  ref: TurnRef,
  end: TurnEnd,
  leaseOwner: string | null,
): Promise<boolean> {
  const { messageId, sessionId } = ref;
  const { content, contextUsed, ...record } = end;
  return log.change(async (change) => {
    const { tx } = change;
    const closed = await tx.agentTurn.updateMany({
      where: {
        messageId,
        status: { in: ['queued', 'streaming'] },
        ...(leaseOwner === null ? {} : { leaseOwner }),
      },
      data: {
        ...record,
        ...(contextUsed ? { contextUsed } : {}),
        checkpoint: '',
        leaseUntil: null,
        endedAt: change.now,
      },
    });
    if (closed.count === 0) return false;
    await tx.chatMessage.update({ where: { id: messageId }, data: { content } });
    await tx.chatSession.update({
      where: { id: sessionId },
      data: {
        tokensUsed: { increment: (end.promptTokens ?? 0) + (end.completionTokens ?? 0) },
        ...(end.model === null ? {} : { aiModelUsed: end.model }),
      },
    });
    const turn = toTurn(await tx.agentTurn.findUniqueOrThrow({ where: { messageId } }));
    await change.append(sessionId, { type: 'message.completed', messageId, content, turn });
    return true;
  });
}
