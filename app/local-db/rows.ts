import { z } from 'zod';
import { Failure } from '../../protocol/errors.ts';
import { MessageId, MutationId, SessionId } from '../../protocol/ids.ts';
import { ChatMessage, ChatSession, Presence, SessionMine, Timestamp } from '../../protocol/shapes.ts';

/** What waits for the server, or was refused by it. */
export const LocalState = z.object({
  mutationId: MutationId,
  state: z.enum(['queued', 'failed']),
  error: Failure.nullable(),
});
export type LocalState = z.infer<typeof LocalState>;

/**
 * A message as this device holds it. `sortKey` orders a conversation: the seq of what is stored, and far behind it,
 * in the order of writing, what is still queued.
 */
const MessageFields = ChatMessage.extend({ sortKey: z.number(), local: LocalState.nullable() });
export const MessageRow = MessageFields.refine(
  ({ local, sortKey, seq }) => local !== null || sortKey === seq,
  'A message of the server stands where its seq says',
);
export type MessageRow = z.infer<typeof MessageRow>;

/** As much of a message as search looks at: twenty thousand are read at once. */
export const SearchableRow = MessageFields.pick({
  id: true,
  sessionId: true,
  content: true,
  createdAt: true,
  editedAt: true,
  deletedAt: true,
});
export type SearchableRow = z.infer<typeof SearchableRow>;

export const QUEUED_SORT_KEY = 1e12;

/** Of a conversation that the person has done nothing with. */
export const nothingMade: SessionMine = {
  pinnedAt: null,
  mutedUntil: null,
  archivedAt: null,
  markedUnread: false,
};

export const StoredSession = ChatSession.extend({
  /** Older messages exist on the server than are here. */
  hasOlder: z.boolean(),
  /** How many of those were unread when it was last told. */
  olderUnread: z.number().int().default(0),
  /** Created here, and not yet on the server. */
  pendingCreate: z.boolean(),
  /** I am no longer a member; what I saw stays. */
  left: z.boolean(),
  /** When the server last confirmed that nothing of what is held here is missing or wrong. */
  completeAt: Timestamp.nullable().default(null),
  /** What I have made of it, on all of my devices. */
  mine: SessionMine.default(nothingMade),
  /** Names of those who have left: what they said is still read. */
  former: z.record(z.string(), z.string()).default({}),
});
export type StoredSession = z.infer<typeof StoredSession>;

export const OutboxEntry = z.object({
  /** Key, and the order of sending. */
  position: z.number(),
  mutationId: MutationId,
  /** Any name: an entry of an unknown kind (from a newer version) is kept and reported. */
  op: z.string(),
  input: z.unknown(),
  sessionId: SessionId.nullable(),
  state: z.enum(['queued', 'failed']),
  error: Failure.nullable(),
  attempts: z.number(),
  lastAttemptAt: Timestamp.nullable(),
  createdAt: Timestamp,
  /**
   * It was shown on top of what the server had said later than it may have been made: what lies below is to be fetched
   * once it is confirmed.
   */
  isOnTop: z.boolean().optional(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** The fields of a stored input, which may be any JSON: another version of the app may have written it. */
export function fieldsOf(input: unknown): Record<string, unknown> {
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

/** What can still be told of an entry that is none of ours: kept where it is, and reported (never dropped). */
export const StrangeEntry = z.object({ position: z.number(), op: z.string().catch('?'), input: z.unknown() });
export type StrangeEntry = z.infer<typeof StrangeEntry>;

export const Draft = z.object({ sessionId: SessionId, content: z.string(), at: Timestamp });
export type Draft = z.infer<typeof Draft>;

export const ThreadDraft = Draft.extend({ threadRoot: MessageId });
export type ThreadDraft = z.infer<typeof ThreadDraft>;

/** Where something is being written: in a conversation, or in the thread under one of its messages. */
export interface DraftPlace {
  sessionId: SessionId;
  threadRoot?: MessageId | null;
}

/** Presence is never stored as if it were true now: only with the time at which it was. */
export const LastKnown = z.object({ at: Timestamp, presence: z.array(Presence) });
export type LastKnown = z.infer<typeof LastKnown>;

/** How a message of one's own left this device: what the server cannot know. */
export const JournalEntry = z.object({
  messageId: MessageId,
  writtenAt: Timestamp,
  leftAt: Timestamp.nullable(),
  attempts: z.number(),
  lastAttemptAt: Timestamp.nullable(),
  /** Why the last attempt did not do. */
  problem: z.string().nullable(),
  storedAt: Timestamp.nullable(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/** One line of the conversation list. */
export interface SessionRow extends StoredSession {
  unread: number;
  /** Of the unread ones, those that speak to me by name or answer me. */
  mentions: number;
  /** Where the unread ones begin. */
  firstUnread: MessageId | null;
  lastMessage: MessageRow | null;
  /** Changes of this conversation that wait in the outbox. */
  waiting: number;
  draft: string | null;
}
