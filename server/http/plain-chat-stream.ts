import { createUIMessageStream, pipeUIMessageStreamToResponse, type UIMessage } from 'ai';
import type { Response } from 'express';
import type { SessionId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import type { Account } from '../domain/account.ts';
import { toFailure } from '../trpc/error-shape.ts';
import type { AnswerRef, PlainChatDomain } from './plain-chat.ts';

export interface PlainTurn {
  sessionId: SessionId;
  userMessage: ChatMessage | null;
  /** Null when Agent Jay was not asked. */
  answer: AnswerRef | null;
}

/** `data-turn` opens the stream with what was stored, `data-answer` closes it with the answer as it was stored. */
type PlainUiMessage = UIMessage<
  unknown,
  { turn: { sessionId: SessionId; userMessage: ChatMessage | null }; answer: ChatMessage }
>;

/** Sends an answer as it grows, in the AI SDK's UI message stream. The signal ends the reading, not the answer. */
export function streamPlainAnswer(
  domain: PlainChatDomain,
  account: Account,
  { sessionId, userMessage, answer }: PlainTurn,
  response: Response,
  signal: AbortSignal,
): void {
  const stream = createUIMessageStream<PlainUiMessage>({
    async execute({ writer }) {
      writer.write({ type: 'start', ...(answer && { messageId: answer.messageId }) });
      writer.write({ type: 'data-turn', data: { sessionId, userMessage } });
      if (answer) {
        const id = answer.messageId;
        writer.write({ type: 'text-start', id });
        for await (const delta of domain.streamAnswer(account, answer, signal)) {
          if (delta) writer.write({ type: 'text-delta', id, delta });
        }
        writer.write({ type: 'text-end', id });
        const stored = await domain.waitForAnswer(account, answer, signal);
        writer.write({ type: 'data-answer', data: stored });
        const { status = 'done', error = null } = stored.turn ?? {};
        if (status === 'failed' || status === 'interrupted') {
          writer.write({
            type: 'error',
            errorText: error ?? 'Agent Jay could not finish this answer. Ask again.',
          });
        }
      }
      writer.write({ type: 'finish' });
    },
    onError: (error) => toFailure(error).message,
  });
  pipeUIMessageStreamToResponse({ response, stream, headers: { 'Cache-Control': 'no-cache, no-transform' } });
}
