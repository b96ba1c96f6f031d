import type { DurableEvent, StateEvent } from './events.ts';
import { type Fork, withFork } from './forks.ts';
import type { UserId } from './ids.ts';
import { withOneReaction } from './reactions.ts';
import type { ChatMessage, ChatSession } from './shapes.ts';

/** One device's copy of one chat session. `messages` is ordered by `seq`. */
export interface SessionCopy {
  readonly session: ChatSession;
  readonly messages: readonly ChatMessage[];
}

export type SessionEvent = DurableEvent | Extract<StateEvent, { type: 'receipt' | 'feedback' | 'star' }>;

/**
 * The one place that says what an event means for a copy (invariant 10: old snapshot + events = fresh snapshot).
 * Pure. Durable events at or below `lastSeq` are already in the copy and change nothing, so a replay is harmless.
 * @returns the new copy; null when the session is not (or no longer) there for `me`.
 */
export function applyEvent(copy: SessionCopy | null, event: SessionEvent, me: UserId): SessionCopy | null {
  if (event.type === 'session.created') return copy ?? { session: event.session, messages: [] };
  if (event.type === 'member.joined' && event.member.userId === me) {
    return copy && copy.session.lastSeq >= event.seq ? copy : { session: event.session, messages: [] };
  }
  if (!copy) return null;
  if (event.type === 'receipt') return { ...copy, session: withReceipt(copy.session, event) };
  if (event.type === 'feedback') {
    return {
      ...copy,
      messages: withMessage(copy.messages, event.messageId, (m) => ({ ...m, feedback: event.value })),
    };
  }
  if (event.type === 'star') {
    return {
      ...copy,
      messages: withMessage(copy.messages, event.messageId, (m) =>
        m.deletedAt ? m : { ...m, starredAt: event.starredAt },
      ),
    };
  }
  if (event.seq <= copy.session.lastSeq) return copy;
  if (event.type === 'member.left' && event.userId === me) return null;
  const session = { ...copy.session, lastSeq: event.seq };
  switch (event.type) {
    case 'session.updated':
      return {
        ...copy,
        session: {
          ...session,
          ...event.changes,
          members: withMarksKept(session.members, event.changes.members),
          updatedAt: event.at,
        },
      };
    case 'member.joined':
      return {
        ...copy,
        session: {
          ...session,
          ...activityOf(event.session),
          members: withMarksKept(session.members, event.session.members),
        },
      };
    case 'member.left':
      return {
        ...copy,
        session: {
          ...session,
          updatedAt: event.at,
          members: session.members.filter((m) => m.userId !== event.userId),
        },
      };
    case 'message.created':
      return {
        session: event.fork
          ? withForkShown(withMessageCounted(session, event.message), event.fork)
          : withMessageCounted(session, event.message),
        messages: [...copy.messages, event.message],
      };
    case 'branch.shown':
      return { ...copy, session: withForkShown(session, event.fork) };
    case 'message.completed':
      return {
        session: withTurnCounted(session, event),
        messages: withMessage(copy.messages, event.messageId, (m) => ({
          ...m,
          content: event.content,
          turn: event.turn,
        })),
      };
    case 'message.edited':
      return {
        session,
        messages: withMessage(copy.messages, event.messageId, (m) => ({
          ...m,
          content: event.content,
          editedAt: event.at,
        })),
      };
    case 'message.deleted':
      return {
        session,
        messages: withMessage(copy.messages, event.messageId, (m) =>
          asTombstone(m, event.at, event.withdrawn),
        ),
      };
    case 'message.pinned':
      return {
        session,
        messages: withMessage(copy.messages, event.messageId, (m) => ({
          ...m,
          pinnedAt: event.on ? event.at : null,
        })),
      };
    case 'reaction.changed':
      return {
        session,
        messages: withMessage(copy.messages, event.messageId, (m) => withReaction(m, event)),
      };
  }
}

/** Nothing of a deleted message remains but that it was there. */
export function asTombstone(
  message: ChatMessage,
  at: ChatMessage['createdAt'],
  withdrawn = false,
): ChatMessage {
  const nothing = { content: '', reactions: {}, attachments: [], feedback: null };
  return { ...message, ...nothing, deletedAt: at, withdrawn, pinnedAt: null, starredAt: null };
}

export function withReaction(
  message: ChatMessage,
  change: { emoji: string; userId: UserId; on: boolean },
): ChatMessage {
  return { ...message, reactions: withOneReaction(message.reactions, change) };
}

/** Invariant 13: marks only move forward, and one cannot have read what was not delivered. */
export function withReceipt(
  session: ChatSession,
  receipt: { userId: UserId; deliveredSeq: number; readSeq: number },
): ChatSession {
  const members = session.members.map((member) => {
    if (member.userId !== receipt.userId) return member;
    const readSeq = Math.max(member.readSeq, receipt.readSeq);
    return { ...member, readSeq, deliveredSeq: Math.max(member.deliveredSeq, receipt.deliveredSeq, readSeq) };
  });
  return { ...session, members };
}

/**
 * Members as an event lists them, with no mark going back: an event shows everyone the same, and so not how far those
 * who hide their reading have read, which their own devices know.
 */
function withMarksKept(
  before: ChatSession['members'],
  listed: ChatSession['members'] = before,
): ChatSession['members'] {
  return listed.map((member) => {
    const known = before.find((m) => m.userId === member.userId);
    if (!known) return member;
    const readSeq = Math.max(known.readSeq, member.readSeq);
    return { ...member, readSeq, deliveredSeq: Math.max(known.deliveredSeq, member.deliveredSeq) };
  });
}

function withMessage(
  messages: readonly ChatMessage[],
  id: ChatMessage['id'],
  change: (message: ChatMessage) => ChatMessage,
): readonly ChatMessage[] {
  return messages.map((message) => (message.id === id ? change(message) : message));
}

function withMessageCounted(session: ChatSession, message: ChatMessage): ChatSession {
  return {
    ...session,
    totalMessages: session.totalMessages + 1,
    lastActivity: message.createdAt,
    updatedAt: message.createdAt,
  };
}

function withForkShown(session: ChatSession, fork: Fork): ChatSession {
  return { ...session, forks: withFork(session.forks, fork) };
}

function withTurnCounted(
  session: ChatSession,
  event: Extract<DurableEvent, { type: 'message.completed' }>,
): ChatSession {
  const { promptTokens, completionTokens, model } = event.turn;
  return {
    ...session,
    aiModelUsed: model ?? session.aiModelUsed,
    tokensUsed: session.tokensUsed + (promptTokens ?? 0) + (completionTokens ?? 0),
  };
}

function activityOf(session: ChatSession): Pick<ChatSession, 'updatedAt' | 'lastActivity'> {
  return { updatedAt: session.updatedAt, lastActivity: session.lastActivity };
}
