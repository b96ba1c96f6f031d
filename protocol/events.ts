import { z } from 'zod';
import { Fork } from './forks.ts';
import { MemoryId, MessageId, PictureId, ProjectId, SessionId, UserId } from './ids.ts';
import { Memory } from './memory.ts';
import { Project } from './project.ts';
import {
  ChatMessage,
  ChatSession,
  FeedbackValue,
  Me,
  Member,
  Presence,
  Seq,
  SessionMine,
  Timestamp,
  Turn,
} from './shapes.ts';

const inSession = { sessionId: SessionId, seq: Seq };

/** Durable events are rows of the log: they have a `seq`, are replayed after a cursor and never change their meaning. */
export const DurableEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.created'), ...inSession, session: ChatSession }),
  /** Only the fields that changed. */
  z.object({
    type: z.literal('session.updated'),
    ...inSession,
    changes: z.object({
      title: z.string().optional(),
      isActive: z.boolean().optional(),
      maxParticipants: z.number().int().optional(),
      projectId: ProjectId.nullable().optional(),
      picture: PictureId.nullable().optional(),
      context: z.record(z.string(), z.unknown()).optional(),
      /**
       * All of them, after one changed name, picture or role. Of the one alone it could not be told in a field of its own:
       * clients that know only this one, and copies that they keep, would miss it for ever.
       */
      members: z.array(Member).optional(),
    }),
    at: Timestamp,
  }),
  /** `session` is the whole session as of this event, so that the one who joins can show it. */
  z.object({ type: z.literal('member.joined'), ...inSession, member: Member, session: ChatSession }),
  z.object({ type: z.literal('member.left'), ...inSession, userId: UserId, by: UserId, at: Timestamp }),
  z.object({
    type: z.literal('message.created'),
    ...inSession,
    message: ChatMessage,
    /** When it is a version of an earlier message: all of them, and this one shown. */
    fork: Fork.optional(),
  }),
  /** Somebody turned to another version. */
  z.object({ type: z.literal('branch.shown'), ...inSession, fork: Fork }),
  z.object({
    type: z.literal('message.completed'),
    ...inSession,
    messageId: MessageId,
    content: z.string(),
    turn: Turn,
  }),
  z.object({
    type: z.literal('message.edited'),
    ...inSession,
    messageId: MessageId,
    content: z.string(),
    at: Timestamp,
  }),
  z.object({
    type: z.literal('message.deleted'),
    ...inSession,
    messageId: MessageId,
    at: Timestamp,
    /** Undone before anyone had read it: no tombstone is shown. */
    withdrawn: z.boolean().default(false),
  }),
  /** Pinned for everyone, or no longer. */
  z.object({
    type: z.literal('message.pinned'),
    ...inSession,
    messageId: MessageId,
    on: z.boolean(),
    userId: UserId,
    at: Timestamp,
  }),
  z.object({
    type: z.literal('reaction.changed'),
    ...inSession,
    messageId: MessageId,
    emoji: z.string(),
    userId: UserId,
    on: z.boolean(),
  }),
]);
export type DurableEvent = z.infer<typeof DurableEvent>;

/** State is not history: these replay as their newest value only and carry no `seq`. */
export const StateEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('receipt'),
    sessionId: SessionId,
    userId: UserId,
    deliveredSeq: Seq,
    readSeq: Seq,
  }),
  z.object({
    type: z.literal('feedback'),
    sessionId: SessionId,
    messageId: MessageId,
    value: FeedbackValue.nullable(),
  }),
  z.object({
    type: z.literal('star'),
    sessionId: SessionId,
    messageId: MessageId,
    starredAt: Timestamp.nullable(),
  }),
  z.object({ type: z.literal('session.mine'), sessionId: SessionId, mine: SessionMine }),
  /** How far a thread was read, by its first message. */
  z.object({ type: z.literal('thread.read'), sessionId: SessionId, messageId: MessageId, readSeq: Seq }),
  z.object({ type: z.literal('draft'), sessionId: SessionId, content: z.string(), at: Timestamp }),
  z.object({ type: z.literal('me.updated'), me: Me }),
  /** Null once it is deleted. To its owner's devices only. */
  z.object({ type: z.literal('project'), projectId: ProjectId, project: Project.nullable() }),
  /** Null once it is forgotten. */
  z.object({ type: z.literal('memory'), memoryId: MemoryId, memory: Memory.nullable() }),
]);
export type StateEvent = z.infer<typeof StateEvent>;

/** Never replayed; each expires by itself or is repeated whole to whoever joins in the middle. */
export const EphemeralEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('typing'),
    sessionId: SessionId,
    userId: UserId,
    isTyping: z.boolean(),
    expiresInMs: z.number(),
  }),
  Presence.extend({ type: z.literal('presence') }),
  /** `offset` counts UTF-16 units already sent. */
  z.object({
    type: z.literal('turn.delta'),
    sessionId: SessionId,
    messageId: MessageId,
    offset: z.number().int(),
    text: z.string(),
  }),
  z.object({
    type: z.literal('suggestions'),
    sessionId: SessionId,
    messageId: MessageId,
    suggestions: z.array(z.string()),
  }),
  z.object({ type: z.literal('caught-up'), cursor: z.string() }),
  z.object({ type: z.literal('resync'), reason: z.string() }),
]);
export type EphemeralEvent = z.infer<typeof EphemeralEvent>;

export const ChatEvent = z.union([DurableEvent, StateEvent, EphemeralEvent]);
export type ChatEvent = z.infer<typeof ChatEvent>;

export const isDurable = (event: ChatEvent): event is DurableEvent => 'seq' in event;
