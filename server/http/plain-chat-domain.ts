import { ChatError } from '../../protocol/errors.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { ChatMessage } from '../../protocol/shapes.ts';
import { type Account, notSignedIn } from '../domain/account.ts';
import { createSession } from '../domain/create-session.ts';
import type { DomainDeps } from '../domain/deps.ts';
import { listMessages, readMessage } from '../domain/read-messages.ts';
import { listSessions } from '../domain/read-sessions.ts';
import { sendMessage } from '../domain/send-message.ts';
import { followAnswer } from '../realtime/follow-answer.ts';
import type { Subscriber } from '../realtime/stream.ts';
import type { EventSubscription } from '../realtime/subscription.ts';
import { livingAuthSessions } from '../store/living-auth-sessions.ts';
import type { AnswerRef, PlainChatDomain } from './plain-chat.ts';

/** How long a script may listen to one answer; a turn ends long before, once its turn has come. */
export const LISTEN_MS = 3_600_000;

export interface PlainChatDomainOptions {
  domain: DomainDeps;
  /** A stream of this account's events that starts at the present. */
  listen(subscriber: Subscriber): EventSubscription;
}

/** The plain API's view of the product: the verbs of the app, and an answer as any device would follow it. */
export function createPlainChatDomain({ domain, listen }: PlainChatDomainOptions): PlainChatDomain {
  const follow = (account: Account, { messageId, sessionId }: AnswerRef, signal: AbortSignal) => {
    const { userId, authSessionId } = account;
    const expiresAt = new Date(Date.now() + LISTEN_MS);
    const subscription = listen({ userId, authSessionId, expiresAt, about: sessionId });
    const readStored = () => readMessage(domain, account, messageId);
    return followAnswer(
      subscription,
      messageId,
      readStored,
      () => whyCut(domain, account, messageId),
      signal,
    );
  };
  return {
    createSession: (account, input) => createSession(domain, account, input),
    sendMessage: (account, input) => sendMessage(domain, account, input),
    listMessages: (account, input) => listMessages(domain, account, input),
    async listSessions(account, of) {
      const active = await listSessions(domain, account, { archived: false }, of);
      const archived = await listSessions(domain, account, { archived: true }, of);
      return [...active, ...archived];
    },
    async waitForAnswer(account, answer, signal): Promise<ChatMessage> {
      for await (const _piece of follow(account, answer, signal)) {
        // Only its end matters here.
      }
      signal.throwIfAborted();
      return readMessage(domain, account, answer.messageId);
    },
    streamAnswer: follow,
  };
}

/** Why an answer is told no further: whoever reads it may not any more, or this server goes. */
async function whyCut(domain: DomainDeps, account: Account, messageId: MessageId): Promise<unknown> {
  const living = await livingAuthSessions(domain.database, [account.authSessionId]);
  if (living.length === 0) return notSignedIn();
  // Throws for whoever is no longer in the conversation.
  await readMessage(domain, account, messageId);
  return new ChatError(
    'UNAVAILABLE',
    'The answer is being written, but it can be followed no further from here. Read the conversation in a moment.',
  );
}
