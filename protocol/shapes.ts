import { z } from 'zod';
import { Forks } from './forks.ts';
import { MessageId, PictureId, ProjectId, SessionId, UserId } from './ids.ts';
import { limits } from './limits.ts';
import { Seq } from './seq.ts';
import { Line } from './text.ts';

/** ISO 8601 in UTC with milliseconds, e.g. 2026-11-24T09:30:00.000Z. */
export const Timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'A time must be ISO 8601 in UTC with milliseconds');
export type Timestamp = z.infer<typeof Timestamp>;

export { Seq };

export const SessionType = z.enum(['general', 'consultation', 'builder', 'support']);
export type SessionType = z.infer<typeof SessionType>;

export const MemberRole = z.enum(['owner', 'member', 'consultant', 'agent']);
export type MemberRole = z.infer<typeof MemberRole>;

export const Member = z.object({
  userId: UserId,
  name: z.string(),
  role: MemberRole,
  joinedAt: Timestamp,
  deliveredSeq: Seq,
  readSeq: Seq,
  picture: PictureId.nullable().default(null),
});
export type Member = z.infer<typeof Member>;

/** The title of a conversation that nobody has named yet, neither its people nor Agent Jay after his first answer. */
export const UNTITLED = 'New conversation';

export const ChatSession = z.object({
  id: SessionId,
  title: z.string(),
  sessionType: SessionType,
  isGroupChat: z.boolean(),
  maxParticipants: z.number().int(),
  projectId: ProjectId.nullable(),
  createdBy: UserId,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  lastActivity: Timestamp,
  isActive: z.boolean(),
  lastSeq: Seq,
  totalMessages: z.number().int(),
  aiModelUsed: z.string().nullable(),
  tokensUsed: z.number().int(),
  /** What its members noted about it, for Agent Jay to know. */
  context: z.record(z.string(), z.unknown()).default({}),
  members: z.array(Member),
  /** Where versions of a message exist, and which of them is shown to everyone. */
  forks: Forks.default({}),
  /** Of a group. */
  picture: PictureId.nullable().default(null),
});
export type ChatSession = z.infer<typeof ChatSession>;

export const TurnStatus = z.enum(['streaming', 'done', 'stopped', 'failed', 'interrupted']);
export type TurnStatus = z.infer<typeof TurnStatus>;

export const Fallback = z.object({ from: z.string(), because: z.string() });
export type Fallback = z.infer<typeof Fallback>;

export const Turn = z.object({
  status: TurnStatus,
  model: z.string().nullable(),
  provider: z.string().nullable(),
  promptTokens: z.number().int().nullable(),
  completionTokens: z.number().int().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  /** Seconds from the start of the turn to its end. */
  aiResponseTime: z.number().nullable(),
  versionOf: MessageId.nullable(),
  /** A sentence; set when the turn failed. */
  error: z.string().nullable(),
  /** The answer whose text this one begins with, where that one broke off. */
  continues: MessageId.nullable().default(null),
  /** Who was to answer, and why somebody else stood in; null when nobody had to. */
  fallback: Fallback.nullable().default(null),
});
export type Turn = z.infer<typeof Turn>;

export const Attachment = z.object({
  id: z.string(),
  name: z.string(),
  mimeType: z.string(),
  bytes: z.number(),
  /** Pixels, of a picture; null for any other file. */
  width: z.number().int().nullable().default(null),
  height: z.number().int().nullable().default(null),
  /** A picture of a few pixels as a data: address, to be shown blurred until the real one is here. */
  preview: z.string().nullable().default(null),
  hasThumbnail: z.boolean().default(false),
});
export type Attachment = z.infer<typeof Attachment>;

export const MessageRole = z.enum(['user', 'assistant', 'system']);
export const MessageType = z.enum(['text', 'suggestion', 'action', 'error']);
export const FeedbackValue = z.enum(['like', 'dislike']);
export type FeedbackValue = z.infer<typeof FeedbackValue>;

export const ChatMessage = z.object({
  id: MessageId,
  sessionId: SessionId,
  /** That of the event that created the message. */
  seq: Seq,
  userId: UserId,
  role: MessageRole,
  messageType: MessageType,
  content: z.string(),
  parentId: MessageId.nullable(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  deletedAt: Timestamp.nullable(),
  reactions: z.record(z.string(), z.array(UserId)),
  /** The asking user's own. */
  feedback: FeedbackValue.nullable(),
  attachments: z.array(Attachment),
  turn: Turn.nullable(),
  /** Pinned for everyone in the conversation. */
  pinnedAt: Timestamp.nullable().default(null),
  /** The asking user's own. */
  starredAt: Timestamp.nullable().default(null),
  /** Taken back by its author before anyone had read it: a tombstone that is not shown. */
  withdrawn: z.boolean().default(false),
  forwarded: z.boolean().default(false),
  /** The version of a question in whose tail this stands; null in the trunk. */
  branch: MessageId.nullable().default(null),
  /** The first version of the question that this is another version of. */
  branchOf: MessageId.nullable().default(null),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** What one person has made of a conversation, for their own devices alone. */
export const SessionMine = z.object({
  pinnedAt: Timestamp.nullable().default(null),
  /** Quiet until then. */
  mutedUntil: Timestamp.nullable().default(null),
  archivedAt: Timestamp.nullable().default(null),
  markedUnread: z.boolean().default(false),
});
export type SessionMine = z.infer<typeof SessionMine>;

export const PresenceStatus = z.enum(['online', 'away', 'busy', 'offline']);
export type PresenceStatus = z.infer<typeof PresenceStatus>;

export const DeviceKind = z.enum(['phone', 'tablet', 'computer']);
export type DeviceKind = z.infer<typeof DeviceKind>;

export const Presence = z.object({
  userId: UserId,
  status: PresenceStatus,
  lastSeen: Timestamp.nullable(),
  activity: z.string().nullable().optional(),
  /** What they are here with, where that device says so; a kind that is not known here is none. */
  device: DeviceKind.optional().catch(undefined),
});
export type Presence = z.infer<typeof Presence>;

export const Settings = z.object({
  /** Of answers: a language tag, or "auto" for the language that one writes in. */
  language: z.string().max(35).default('auto'),
  tone: z.enum(['friendly', 'formal', 'direct']).default('friendly'),
  length: z.enum(['short', 'balanced', 'detailed']).default('balanced'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  privacy: z
    .object({
      showTyping: z.boolean().default(true),
      showReading: z.boolean().default(true),
      showPresence: z.boolean().default(true),
    })
    .default({ showTyping: true, showReading: true, showPresence: true }),
  notifications: z.object({ enabled: z.boolean().default(false) }).default({ enabled: false }),
  /** Whether Agent Jay learns about this person, and uses what he learnt. */
  memory: z.boolean().default(true),
  /** Chosen: busy on every device, until one says otherwise. */
  busy: z.boolean().default(false),
  /** What one says that one is doing, for others to read beside one's presence. */
  activity: z.string().max(limits.activityLength).default(''),
});
export type Settings = z.infer<typeof Settings>;

/** Only what is named changes. (`partial()` would fill every default in.) */
export const SettingsChange = z.object({
  language: Line.max(35).optional(),
  tone: Settings.shape.tone.unwrap().optional(),
  length: Settings.shape.length.unwrap().optional(),
  theme: Settings.shape.theme.unwrap().optional(),
  privacy: z
    .object({
      showTyping: z.boolean().optional(),
      showReading: z.boolean().optional(),
      showPresence: z.boolean().optional(),
    })
    .optional(),
  notifications: z.object({ enabled: z.boolean().optional() }).optional(),
  memory: Settings.shape.memory.unwrap().optional(),
  busy: Settings.shape.busy.unwrap().optional(),
  activity: Line.max(limits.activityLength).optional(),
});

export const Me = z.object({
  id: UserId,
  name: z.string(),
  /** Null for a guest. */
  email: z.string().nullable(),
  isGuest: z.boolean(),
  role: z.enum(['student', 'consultant', 'admin']),
  settings: Settings,
  /** Whom I have blocked; nobody else is told. */
  blocked: z.array(z.object({ userId: UserId, name: z.string() })).default([]),
  picture: PictureId.nullable().default(null),
});
export type Me = z.infer<typeof Me>;

/** Who answers, for the quiet line under an answer and for the settings screen. */
export const AgentInfo = z.object({ provider: z.string(), model: z.string(), label: z.string() });
export type AgentInfo = z.infer<typeof AgentInfo>;
