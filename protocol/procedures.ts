import { z } from 'zod';
import { Emoji, isEmoji } from './emoji.ts';
import { freeJson } from './free-json.ts';
import { HeldAnswer } from './held-answer.ts';
import { AttachmentId, MemoryId, MessageId, MutationId, ProjectId, SessionId, UserId } from './ids.ts';
import { limits } from './limits.ts';
import { MemoryContent, MemoryKind } from './memory.ts';
import { PersonName } from './person-name.ts';
import { NewPicture } from './picture.ts';
import { NewProject, ProjectChanges } from './project.ts';
import { SeqBound } from './seq.ts';
import {
  DeviceKind,
  FeedbackValue,
  PresenceStatus,
  Seq,
  SessionType,
  SettingsChange,
  Timestamp,
} from './shapes.ts';
import { isBlank, Line, Opaque, Text, visibleLine } from './text.ts';

const title = visibleLine('A title needs at least one character').max(limits.titleLength);
/** Length is checked by the domain, which answers TOO_LARGE instead of INVALID_INPUT. */
const content = Text.refine((text) => !isBlank(text), 'A message needs at least one character');
/** A change may replace all that is noted, and name much that is to go. */
const context = freeJson({ size: 4 * limits.sessionContextLength, keyLength: 60 });
/** One that the calendar has: a database would break on any other, and knows no year 0. */
const time = Timestamp.refine((at) => isInCalendar(at) && !at.startsWith('0000'), 'There is no such time');
const token = Text.min(1).max(200);

/** `Date` alone takes the 30th of February for the 2nd of March. */
function isInCalendar(at: string): boolean {
  const date = new Date(at);
  return !Number.isNaN(date.getTime()) && date.toISOString() === at;
}

/** Inputs of every procedure that is not a plain "nothing", by its name on the wire. */
export const inputs = {
  'session.create': z.object({
    id: SessionId,
    sessionType: SessionType.default('general'),
    title: title.optional(),
    isGroupChat: z.boolean().optional(),
    memberIds: z.array(UserId).max(limits.participantsAtMost).default([]),
    withAgent: z.boolean().default(true),
    projectId: ProjectId.nullish(),
    maxParticipants: z
      .number()
      .int()
      .min(2)
      .max(limits.participantsAtMost)
      .default(limits.participantsByDefault),
  }),
  'session.list': z.object({ archived: z.boolean().optional() }).default({}),
  'session.get': z.object({ sessionId: SessionId }),
  'session.update': z.object({
    mutationId: MutationId,
    sessionId: SessionId,
    title: title.optional(),
    isActive: z.boolean().optional(),
    /** One's own project, for everyone in the conversation to know; null takes it away. */
    projectId: ProjectId.nullish(),
    /** Merged into what is there; a key with null goes. */
    context: context.optional(),
    /** Only an owner changes it. */
    maxParticipants: z.number().int().min(2).max(limits.participantsAtMost).optional(),
    /** Of a group; only an owner changes it. Null takes it away. */
    picture: NewPicture.nullish(),
  }),
  /** For one's own devices alone; what is not named stays as it is. */
  'session.mine': z.object({
    mutationId: MutationId,
    sessionId: SessionId,
    pinned: z.boolean().optional(),
    mutedUntil: time.nullable().optional(),
    archived: z.boolean().optional(),
    markedUnread: z.boolean().optional(),
  }),
  /** `handOver` makes the other an owner in one's own place. */
  'session.setRole': z.object({
    mutationId: MutationId,
    sessionId: SessionId,
    userId: UserId,
    role: z.enum(['owner', 'member']),
    handOver: z.literal(true).optional(),
  }),
  'session.invite': z.object({
    mutationId: MutationId.optional(),
    sessionId: SessionId,
    expiresInHours: z.number().int().min(1).max(limits.invitationHoursAtMost).default(limits.invitationHours),
  }),
  'session.invites': z.object({ sessionId: SessionId }),
  'session.revokeInvite': z.object({ sessionId: SessionId, token }),
  'session.join': z.object({ mutationId: MutationId.optional(), token }),
  'session.addMember': z.object({ mutationId: MutationId, sessionId: SessionId, userId: UserId }),
  'session.removeMember': z.object({ mutationId: MutationId, sessionId: SessionId, userId: UserId }),
  'session.leave': z.object({ mutationId: MutationId, sessionId: SessionId }),

  'message.send': z
    .object({
      id: MessageId,
      sessionId: SessionId,
      content: Text,
      parentId: MessageId.nullish(),
      attachmentIds: z.array(AttachmentId).max(limits.attachmentsPerMessage).default([]),
      /** The version of a question in whose tail this is written. */
      branch: MessageId.nullish(),
      /** The question (any of its versions) that this one is another version of. */
      branchOf: MessageId.nullish(),
    })
    .refine(({ content, attachmentIds }) => !isBlank(content) || attachmentIds.length > 0, {
      message: 'A message needs at least one character, or a file',
      path: ['content'],
    }),
  'message.list': z.object({
    sessionId: SessionId,
    before: SeqBound.optional(),
    limit: z.number().int().min(1).max(limits.messagesPerPage).default(50),
  }),
  'message.thread': z.object({ messageId: MessageId }),
  'message.edit': z.object({ mutationId: MutationId, messageId: MessageId, content }),
  'message.history': z.object({ messageId: MessageId }),
  'message.delete': z.object({
    mutationId: MutationId,
    messageId: MessageId,
    /** Take a message back that was sent a moment ago; see limits.undoSendMs. */
    undo: z.literal(true).optional(),
  }),
  /** Sends the words of a message that one may see to another conversation, under an id of their own. */
  'message.forward': z.object({ id: MessageId, messageId: MessageId, sessionId: SessionId }),
  'message.pin': z.object({ mutationId: MutationId, messageId: MessageId, on: z.boolean() }),
  'message.pinned': z.object({ sessionId: SessionId }),
  'message.star': z.object({ mutationId: MutationId, messageId: MessageId, on: z.boolean() }),
  'message.starred': z.object({
    /** The starredAt of the last one of the page before. */
    before: time.optional(),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  /** How far a thread was read; moves forward only. */
  'thread.read': z.object({ sessionId: SessionId, messageId: MessageId, readSeq: SeqBound }),
  'message.react': z
    .object({ mutationId: MutationId, messageId: MessageId, emoji: Emoji, on: z.boolean() })
    .refine(({ emoji, on }) => !on || isEmoji(emoji), {
      message: 'A reaction is one emoji, such as 👍',
      path: ['emoji'],
    }),
  'message.feedback': z.object({
    mutationId: MutationId,
    messageId: MessageId,
    value: FeedbackValue.nullable(),
    reason: Text.max(limits.reasonLength).optional(),
  }),
  'message.info': z.object({ messageId: MessageId }),
  'message.search': z.object({
    query: Text.trim().min(1).max(limits.queryLength),
    sessionId: SessionId.optional(),
    userId: UserId.optional(),
    from: time.optional(),
    to: time.optional(),
    kind: z.enum(['text', 'answer', 'file']).optional(),
    limit: z.number().int().min(1).max(100).default(20),
    after: Text.max(200).optional(),
  }),

  'attachment.finish': z.object({ id: AttachmentId }),

  'receipt.mark': z.object({
    sessionId: SessionId,
    deliveredSeq: SeqBound.optional(),
    readSeq: SeqBound.optional(),
  }),
  'typing.set': z.object({ sessionId: SessionId, isTyping: z.boolean() }),
  'presence.set': z.object({
    status: PresenceStatus,
    activity: Line.max(limits.activityLength).nullish(),
    device: DeviceKind.optional(),
    /** A promise to call again within this time: whoever breaks it counts as offline, open stream or not. */
    nextInMs: z.number().int().min(100).max(limits.presenceExpiresMs).optional(),
  }),
  'presence.get': z.object({ userIds: z.array(UserId).max(200) }),

  'agent.stop': z.object({ messageId: MessageId }),
  'agent.regenerate': z.object({
    mutationId: MutationId,
    messageId: MessageId,
    /** The newest version that the person saw: when there is a newer one already, that is the answer. */
    newest: MessageId.optional(),
  }),
  /** Goes on from the text of an answer that broke off. */
  'agent.continue': z.object({ mutationId: MutationId, messageId: MessageId, newest: MessageId.optional() }),
  /** Shows this version of a question or an answer, to everyone in the conversation. */
  'message.show': z.object({ mutationId: MutationId, messageId: MessageId }),
  'agent.suggestions': z.object({ sessionId: SessionId }),
  'agent.context': z.object({ messageId: MessageId }),

  'project.create': NewProject,
  'project.update': z.object({ mutationId: MutationId, projectId: ProjectId, ...ProjectChanges.shape }),
  'project.delete': z.object({ mutationId: MutationId, projectId: ProjectId }),
  'project.get': z.object({ projectId: ProjectId }),

  'memory.add': z.object({ id: MemoryId, kind: MemoryKind.default('fact'), content: MemoryContent }),
  'memory.update': z.object({
    mutationId: MutationId,
    memoryId: MemoryId,
    content: MemoryContent,
    kind: MemoryKind.optional(),
  }),
  'memory.delete': z.object({ mutationId: MutationId, memoryId: MemoryId }),

  /** The newest text wins by the device's own clock; an empty one takes the draft away. */
  'draft.set': z.object({
    sessionId: SessionId,
    content: Text.max(limits.messageLength),
    at: time,
  }),

  'sync.snapshot': z.object({}).default({}),
  'sync.verify': z
    .object({
      sessions: z
        .array(
          z.object({
            sessionId: SessionId,
            /** Up to which event this copy is. */
            lastSeq: Seq,
            blocks: z
              .array(z.object({ from: Seq, to: Seq, fingerprint: Text.max(40) }))
              .max(limits.verifyBlocks),
          }),
        )
        .max(limits.verifySessions),
    })
    .refine(
      ({ sessions }) => sessions.flatMap(({ blocks }) => blocks).length <= limits.verifyBlocks,
      `At most ${limits.verifyBlocks} blocks can be compared at once`,
    )
    .refine(
      ({ sessions }) =>
        sessions.every(({ blocks }) =>
          blocks.every(({ from, to }) => from <= to && to - from < limits.verifyBlockSeqs),
        ),
      `A block spans at most ${limits.verifyBlockSeqs} seqs, the first of them not after the last`,
    ),
  'events.subscribe': z
    .object({
      cursor: Opaque.nullish(),
      lastEventId: Opaque.nullish(),
      /** Answers of which the client holds the beginning: it is sent their rest, and not all so far. */
      answers: z.array(HeldAnswer).max(limits.heldAnswers).optional(),
    })
    .nullish()
    .transform((input) => input ?? {}),
  'people.find': z.object({ email: z.email('Write a whole e-mail address, such as ada@example.org') }),

  'people.block': z.object({ mutationId: MutationId, userId: UserId, on: z.boolean() }),
  /** Of a message when there is one, otherwise of the person. */
  'people.report': z.object({
    mutationId: MutationId,
    messageId: MessageId.optional(),
    userId: UserId.optional(),
    reason: Text.trim()
      .refine((text) => !isBlank(text), 'Say in a few words what is wrong')
      .max(limits.reasonLength),
  }),
  'report.resolve': z.object({ mutationId: MutationId, reportId: MutationId }),

  /** `confirm` guards against a click too many. */
  'me.delete': z.object({ confirm: z.literal('delete my account') }),
  'me.update': z.object({
    mutationId: MutationId.optional(),
    name: PersonName.optional(),
    settings: SettingsChange.optional(),
    /** Null takes it away. */
    picture: NewPicture.nullish(),
  }),
} as const;

export type ProcedureName = keyof typeof inputs;
/** What a caller may write (defaults not yet filled in). */
export type Input<N extends ProcedureName> = z.input<(typeof inputs)[N]>;
/** What the domain receives. */
export type Parsed<N extends ProcedureName> = z.output<(typeof inputs)[N]>;
