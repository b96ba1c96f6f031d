import type { MessageId, SessionId } from '../../protocol/ids.ts';
import type { Fallback, TurnStatus } from '../../protocol/shapes.ts';
import { toTurn } from '../domain/shapes.ts';
import type { Log } from '../log/log.ts';
import { bookAnswer, type Spent } from './ledger.ts';

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
  /** A sentence for the person who asked. */
  error: string | null;
  /** Who was to answer, and why somebody else stood in. */
  fallback: Fallback | null;
  /** What of a model this answer took; null when none was asked. */
  spent: Spent | null;
}

/** The record of a turn in which no model spoke. */
export const nothingWritten: Omit<TurnEnd, 'status'> = {
  content: '',
  model: null,
  provider: null,
  promptTokens: null,
  completionTokens: null,
  timeToFirstTokenMs: null,
  aiResponseTime: null,
  contextUsed: null,
  error: null,
  fallback: null,
  spent: null,
};

/** By what right a turn is ended: one's own lease, nobody having begun it, or its writer having died. */
export type Right = { lease: string } | 'queued' | 'expired';

/**
 * Ends a turn exactly once (invariant 16): its text, its record and its event commit together, and only while the right
 * still holds. The answer of a deleted message keeps no text.
 * @param end the end, or a function of the text that was last written down
 * @returns false when somebody else ended it or took it over
 */
export function finishTurn(
  log: Log,
  { messageId, sessionId }: TurnRef,
  right: Right,
  end: TurnEnd | ((checkpoint: string) => TurnEnd),
): Promise<boolean> {
  return log.change(async (change) => {
    const { tx } = change;
    const before = await tx.agentTurn.findUnique({
      where: { messageId },
      select: { checkpoint: true, kept: true, askedBy: true, message: { select: { deletedAt: true } } },
    });
    if (!before) return false;
    const {
      content: written,
      contextUsed,
      fallback,
      spent,
      ...record
    } = typeof end === 'function' ? end(before.checkpoint) : end;
    // One that goes on from another has that one's text, whatever else becomes of it.
    const content = before.message.deletedAt === null ? written || before.kept : '';
    const closed = await tx.agentTurn.updateMany({
      where: { messageId, ...conditionOf(right, change.now) },
      data: {
        ...record,
        ...(contextUsed ? { contextUsed } : {}),
        ...(fallback ? { fallback } : {}),
        checkpoint: '',
        kept: '',
        leaseUntil: null,
        endedAt: change.now,
      },
    });
    if (closed.count === 0) return false;
    if (spent) {
      const costMicros = await bookAnswer(tx, before.askedBy, change.now, spent);
      await tx.agentTurn.update({ where: { messageId }, data: { costMicros } });
    }
    await tx.chatMessage.update({ where: { id: messageId }, data: { content } });
    const tokens = (record.promptTokens ?? 0) + (record.completionTokens ?? 0);
    await tx.chatSession.update({
      where: { id: sessionId },
      data: {
        tokensUsed: { increment: tokens },
        ...(record.model === null ? {} : { aiModelUsed: record.model }),
      },
    });
    const turn = toTurn(await tx.agentTurn.findUniqueOrThrow({ where: { messageId } }));
    await change.append(sessionId, { type: 'message.completed', messageId, content, turn });
    return true;
  });
}

function conditionOf(right: Right, now: Date) {
  if (right === 'queued') return { status: 'queued' };
  if (right === 'expired') return { status: 'streaming', leaseUntil: { lt: now } };
  return { status: 'streaming', leaseOwner: right.lease };
}
