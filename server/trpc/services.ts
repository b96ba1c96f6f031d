import type { HeldAnswer } from '../../protocol/held-answer.ts';
import type { MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { AgentInfo, TurnStatus } from '../../protocol/shapes.ts';
import type { Usage } from '../../protocol/usage.ts';
import type { Account } from '../domain/account.ts';
import type { DomainDeps } from '../domain/deps.ts';
import type { Hub } from '../realtime/hub.ts';
import type { PresenceBoard } from '../realtime/presence.ts';
import type { Subscriber } from '../realtime/stream.ts';
import type { EventSubscription } from '../realtime/subscription.ts';
import type { Typing } from '../realtime/typing.ts';

/** What Agent Jay can be asked beside a message; his room implements it. */
export interface AgentService {
  info: AgentInfo;
  /** Ends the turn's model call and keeps its text. Access was checked before. */
  stop(messageId: MessageId): Promise<TurnStatus>;
  /** 3–5 short things to say next. */
  suggestions(sessionId: SessionId): Promise<string[]>;
  /** What this person used today, and may use. */
  usage(userId: UserId): Promise<Usage>;
}

/** Keeps one account or address from flooding the rest. */
export interface Limiter {
  /** Throws RATE_LIMITED. */
  consume(kind: 'write' | 'typing' | 'read', key: string): Promise<void>;
}

/** Everything that procedures call; constructed in the composition root. */
export interface Services {
  domain: DomainDeps;
  hub: Hub;
  /** A stream of events that starts after the cursor, or at the present; of the answers that it holds, the rest alone. */
  subscribe(subscriber: Subscriber, cursor: string | null, held?: readonly HeldAnswer[]): EventSubscription;
  typing: Typing;
  presence: PresenceBoard;
  agent: AgentService;
  limiter: Limiter;
  /** An account is gone: ends its streams, and what is remembered of its auth sessions, on every node. */
  onAccountDeleted(userId: UserId): void;
  /** Told why the database did not do as asked: it is away, or its disk is full. */
  onUnavailable(error: unknown): void;
  /** Logs what nobody expected, once. */
  onError(error: unknown, where: { path: string; requestId: string; account: Account | null }): void;
}
