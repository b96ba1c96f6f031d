import { z } from 'zod';
import { MessageId, SessionId, UserId } from './ids.ts';
import { limits } from './limits.ts';
import { Memory } from './memory.ts';
import { Project } from './project.ts';
import { ChatMessage, ChatSession, Me, Presence, Seq, SessionMine, Timestamp } from './shapes.ts';

export const SendResult = z.object({
  id: MessageId,
  sessionId: SessionId,
  seq: Seq,
  createdAt: Timestamp,
  duplicate: z.boolean(),
});
export type SendResult = z.infer<typeof SendResult>;

export const MessagePage = z.object({ messages: z.array(ChatMessage), hasMore: z.boolean() });
export type MessagePage = z.infer<typeof MessagePage>;

export const SessionSnapshot = ChatSession.extend({
  messages: z.array(ChatMessage),
  hasMore: z.boolean(),
  /** Of all messages, also of those that are not among these. Null from a server that does not tell. */
  unread: z.number().int().nullable().default(null),
});
export type SessionSnapshot = z.infer<typeof SessionSnapshot>;

export const StoredDraft = z.object({ sessionId: SessionId, content: z.string(), at: Timestamp });
export type StoredDraft = z.infer<typeof StoredDraft>;

export const StoredMine = z.object({ sessionId: SessionId, mine: SessionMine });
export type StoredMine = z.infer<typeof StoredMine>;

export const ThreadMark = z.object({ sessionId: SessionId, messageId: MessageId, readSeq: Seq });
export type ThreadMark = z.infer<typeof ThreadMark>;

/** Somebody who left a conversation after the asking account had joined it, and is still read there. */
export const FormerMember = z.object({ sessionId: SessionId, userId: UserId, name: z.string() });
export type FormerMember = z.infer<typeof FormerMember>;

export const Snapshot = z.object({
  cursor: z.string().max(limits.cursorLength),
  sessions: z.array(SessionSnapshot),
  presence: z.array(Presence),
  /** Of the asking account. */
  drafts: z.array(StoredDraft).default([]),
  projects: z.array(Project).default([]),
  memories: z.array(Memory).default([]),
  mine: z.array(StoredMine).default([]),
  threads: z.array(ThreadMark).default([]),
  /** Absent from a server that does not tell, and so is the next. */
  former: z.array(FormerMember).optional(),
  /** The asking account itself. */
  me: Me.optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/**
 * What became of each conversation of a sync.verify: `same`; `moved` when the copy is behind the server or ahead of
 * what it said, so that it cannot be compared now; `differs` with the rows of every block that does; `gone` when the
 * account is not in it.
 */
export const Verification = z.object({
  /** When the server looked. */
  at: Timestamp,
  sessions: z.array(
    z.object({
      sessionId: SessionId,
      state: z.enum(['same', 'moved', 'differs', 'gone']),
      blocks: z.array(z.object({ from: Seq, to: Seq, messages: z.array(ChatMessage) })),
    }),
  ),
  /** Of these conversations, as they are called now. */
  former: z.array(FormerMember).default([]),
});
export type Verification = z.infer<typeof Verification>;

export const Invitation = z.object({ token: z.string(), url: z.string(), expiresAt: Timestamp });
export type Invitation = z.infer<typeof Invitation>;

export const InvitationRow = Invitation.extend({
  createdBy: UserId,
  createdAt: Timestamp,
});
export type InvitationRow = z.infer<typeof InvitationRow>;

/** What a message said, until when. Oldest first; what it says now is not among them. */
export const EarlierText = z.object({ content: z.string(), until: Timestamp });
export type EarlierText = z.infer<typeof EarlierText>;

export const Recipient = z.object({
  userId: UserId,
  deliveredAt: Timestamp.nullable(),
  readAt: Timestamp.nullable(),
  retryCount: z.number().int(),
  lastRetry: Timestamp.nullable(),
  errorReason: z.string().nullable(),
});
export type Recipient = z.infer<typeof Recipient>;

export const SearchHit = z.object({
  message: ChatMessage,
  /** [start, end) in UTF-16 units of the message's content. */
  ranges: z.array(z.tuple([z.number().int(), z.number().int()])),
});
export type SearchHit = z.infer<typeof SearchHit>;

const Named = z.object({ userId: UserId, name: z.string() });

/** What somebody told the staff of. */
export const ReportRow = z.object({
  id: z.string(),
  reporter: Named,
  person: Named,
  messageId: MessageId.nullable(),
  sessionId: SessionId.nullable(),
  /** The message's words as they were when it was reported. */
  content: z.string().nullable(),
  reason: z.string(),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
});
export type ReportRow = z.infer<typeof ReportRow>;
