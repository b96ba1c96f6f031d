import { createHash } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { ChatError } from '../../protocol/errors.ts';
import { MessageId, newMessageId, ProjectId, SessionId, UserId } from '../../protocol/ids.ts';
import { limits as sizes } from '../../protocol/limits.ts';
import type { MessagePage, SendResult } from '../../protocol/outputs.ts';
import { inputs, type Parsed } from '../../protocol/procedures.ts';
import type { ChatMessage, ChatSession } from '../../protocol/shapes.ts';
import type { Account } from '../domain/account.ts';
import { requireStorable } from '../domain/content.ts';
import type { Auth } from './auth.ts';
import { plainFailure, type SendFailure } from './failures.ts';
import { forAccount } from './for-account.ts';
import { requireJson } from './origin-guard.ts';
import { streamPlainAnswer } from './plain-chat-stream.ts';
import type { Limits } from './rate-limits.ts';

/** What the plain API needs of the domain; everything throws ChatError, as for the app. */
export interface PlainChatDomain {
  /** Idempotent by `input.id`. */
  createSession(account: Account, input: Parsed<'session.create'>): Promise<ChatSession>;
  /**
   * Idempotent by `input.id`. `answerId` names Agent Jay's (first) answer, for a duplicate as well; null when the
   * message did not ask him.
   */
  sendMessage(
    account: Account,
    input: Parsed<'message.send'>,
  ): Promise<SendResult & { answerId: MessageId | null }>;
  /** Newest page before `before`, oldest first. */
  listMessages(account: Account, input: Parsed<'message.list'>): Promise<MessagePage>;
  /** The conversations of `of` as the account may see them, newest activity first; who may ask was checked. */
  listSessions(account: Account, of: UserId): Promise<ChatSession[]>;
  /** The answer once it has ended, however it ended. An abort ends the waiting (rejecting), not the answer. */
  waitForAnswer(account: Account, answer: AnswerRef, signal: AbortSignal): Promise<ChatMessage>;
  /** The answer's text from its beginning, as it grows, until it has ended. An abort ends the reading alone. */
  streamAnswer(account: Account, answer: AnswerRef, signal: AbortSignal): AsyncIterable<string>;
}

export interface AnswerRef {
  sessionId: SessionId;
  messageId: MessageId;
}

/** `message` and the reply's `sessionId` are all that most scripts need; `id` makes a retry safe. */
const Ask = z.object({
  id: MessageId.optional(),
  message: inputs['message.edit'].shape.content,
  context: z.object({ sessionId: SessionId.nullish(), projectId: ProjectId.nullish() }).nullish(),
});

const Look = z.object({
  sessionId: SessionId.optional(),
  userId: UserId.optional(),
  before: z.coerce.number().pipe(inputs['message.list'].shape.before.unwrap()).optional(),
  limit: z.coerce.number().int().min(1).max(sizes.messagesPerPage).optional(),
});

/** A request without `limit` gets at most this much of a conversation: its newest messages. */
const WHOLE_CONVERSATION = 10_000;

export interface PlainChatOptions {
  domain: PlainChatDomain;
  auth: Pick<Auth, 'accountOf'>;
  limits: Limits;
  sendFailure: SendFailure;
}

/** POST and GET /api/chat: the chat for scripts, with the same rules and rights as the app. */
export function createPlainChat(options: PlainChatOptions): Router {
  const { auth, limits, sendFailure } = options;
  const router = Router();
  const ways = { accountOf: (request: Request) => auth.accountOf(request.headers), limits, sendFailure };
  const as = (
    kind: 'write' | 'read',
    answer: (account: Account, request: Request, response: Response) => Promise<void>,
  ) =>
    forAccount(ways, kind, (account, request, response) => {
      response.setHeader('Cache-Control', 'no-store');
      return answer(account, request, response);
    });
  router.post(
    '/',
    requireJson(sendFailure),
    express.json({ limit: '256kb' }),
    as('write', (account, request, response) => ask(options.domain, account, request, response)),
  );
  router.get(
    '/',
    as('read', (account, request, response) => look(options, account, request, response)),
  );
  return router;
}

async function ask(
  domain: PlainChatDomain,
  account: Account,
  request: Request,
  response: Response,
): Promise<void> {
  const { id = newMessageId(), message: content, context } = Ask.parse(request.body);
  // Before anything is created for it.
  requireStorable(content);
  const sessionId =
    context?.sessionId ?? (await newConversation(domain, account, id, context?.projectId ?? null));
  const sent = await domain.sendMessage(account, { id, sessionId, content, attachmentIds: [] });
  const page = await domain.listMessages(account, { sessionId, before: sent.seq + 1, limit: 1 });
  const userMessage = page.messages[0] ?? null;

  // Whoever hangs up stops reading; the answer goes on (invariant 17).
  const reading = new AbortController();
  response.once('close', () => reading.abort());
  const answer = sent.answerId && { sessionId, messageId: sent.answerId };
  if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream') {
    streamPlainAnswer(domain, account, { sessionId, userMessage, answer }, response, reading.signal);
    return;
  }
  const aiMessage =
    answer && (await domain.waitForAnswer(account, answer, reading.signal).catch(unlessGone(reading.signal)));
  if (reading.signal.aborted) return;
  const { status = 'done', error = null } = aiMessage?.turn ?? {};
  if (status === 'failed' || status === 'interrupted') {
    const failure = new ChatError(
      'UNAVAILABLE',
      error ?? 'Agent Jay could not finish this answer. Ask again.',
    ).toFailure();
    response.status(503).json({ ...plainFailure(failure), sessionId, userMessage, aiMessage });
    return;
  }
  response.json({ success: true, sessionId, userMessage, aiMessage });
}

/** Named after the message that opens it, so that a retried request finds the same conversation. */
async function newConversation(
  domain: PlainChatDomain,
  account: Account,
  messageId: MessageId,
  projectId: ProjectId | null,
): Promise<SessionId> {
  const id = sessionIdFor(account.userId, messageId);
  const session = await domain.createSession(account, inputs['session.create'].parse({ id, projectId }));
  return session.id;
}

/** A UUIDv7 of the message's moment whose random part follows from person and message. */
export function sessionIdFor(userId: UserId, messageId: MessageId): SessionId {
  const hash = createHash('sha256').update(`${userId} ${messageId}`).digest('hex');
  const moment = messageId.slice(0, 14);
  return SessionId.parse(`${moment}7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`);
}

async function look(
  options: PlainChatOptions,
  account: Account,
  request: Request,
  response: Response,
): Promise<void> {
  const { domain, limits } = options;
  const { sessionId, userId, before, limit } = Look.parse(request.query);
  if (sessionId) {
    if (limit !== undefined) {
      const page = await domain.listMessages(account, { sessionId, before, limit });
      sendMessages(response, page);
      return;
    }
    const all: MessagePage = { messages: [], hasMore: true };
    let next = before;
    while (all.hasMore && all.messages.length < WHOLE_CONVERSATION) {
      if (all.messages.length > 0) await limits.consume('read', account.userId);
      const page = await domain.listMessages(account, {
        sessionId,
        before: next,
        limit: sizes.messagesPerPage,
      });
      all.messages.unshift(...page.messages);
      all.hasMore = page.hasMore;
      next = page.messages[0]?.seq;
    }
    sendMessages(response, all);
  } else if (userId) {
    if (userId !== account.userId && account.role === 'student') {
      throw new ChatError('FORBIDDEN', "Only staff may list another person's conversations.");
    }
    response.json(await domain.listSessions(account, userId));
  } else {
    throw new ChatError(
      'INVALID_INPUT',
      'Say which: "?sessionId=…" for messages or "?userId=…" for conversations.',
      {
        issues: [{ path: ['sessionId'], message: 'sessionId or userId is needed' }],
      },
    );
  }
}

/** A bare array, oldest first; whether older ones were left out is said beside it. */
function sendMessages(response: Response, { messages, hasMore }: MessagePage): void {
  response.setHeader('X-Has-More', String(hasMore));
  response.json(messages);
}

function unlessGone(signal: AbortSignal) {
  return (error: unknown): null => {
    if (signal.aborted) return null;
    throw error;
  };
}
