import type { SessionId, UserId } from '../../protocol/ids.ts';
import { gatherReactions } from '../../protocol/reactions.ts';
import {
  type ChatMessage,
  ChatMessage as ChatMessageSchema,
  type ChatSession,
  ChatSession as ChatSessionSchema,
  type Member,
  type Turn,
  Turn as TurnSchema,
} from '../../protocol/shapes.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { toAttachment } from './attachment-access.ts';
import type { Reader } from './deps.ts';

/** What a ChatSession on the wire is made of. */
export const sessionParts = {
  members: {
    where: { leftPos: null },
    orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }],
    include: { user: { select: { name: true, pictureId: true } } },
  },
} as const satisfies Prisma.ChatSessionInclude;

type SessionRow = Prisma.ChatSessionGetPayload<{ include: typeof sessionParts }>;

/** What a ChatMessage on the wire is made of; feedback is the asking account's own. */
export function messageParts(asking: UserId) {
  return {
    turn: true,
    reactions: { orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] },
    feedback: { where: { userId: asking } },
    attachments: { orderBy: [{ place: 'asc' }, { id: 'asc' }] },
    stars: { where: { userId: asking } },
  } as const satisfies Prisma.ChatMessageInclude;
}

export type MessageRow = Prisma.ChatMessageGetPayload<{ include: ReturnType<typeof messageParts> }>;
type TurnRow = NonNullable<MessageRow['turn']>;

/** A member as `asking` sees them; null is everyone, as events do. Only one's own mark shows what one hides. */
export function toMember(row: SessionRow['members'][number], asking: UserId | null): Member {
  return {
    // Rows were written through the schemas that brand these.
    userId: row.userId as UserId,
    name: row.user.name,
    role: row.role as Member['role'],
    joinedAt: row.joinedAt.toISOString(),
    deliveredSeq: row.deliveredSeq,
    readSeq: row.userId === asking ? row.readSeq : row.shownReadSeq,
    picture: row.user.pictureId as Member['picture'],
  };
}

export function toChatSession(row: SessionRow, asking: UserId | null): ChatSession {
  return ChatSessionSchema.parse({
    id: row.id,
    title: row.title,
    sessionType: row.sessionType,
    isGroupChat: row.isGroupChat,
    maxParticipants: row.maxParticipants,
    projectId: row.projectId,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastActivity: row.lastActivity.toISOString(),
    isActive: row.isActive,
    lastSeq: row.lastSeq,
    totalMessages: row.totalMessages,
    aiModelUsed: row.aiModelUsed,
    tokensUsed: row.tokensUsed,
    context: row.context ?? {},
    members: row.members.map((member) => toMember(member, asking)),
    forks: row.forks ?? {},
    picture: row.pictureId,
  });
}

export function toTurn(row: TurnRow): Turn {
  return TurnSchema.parse({
    status: row.status === 'queued' ? 'streaming' : row.status,
    model: row.model,
    provider: row.provider,
    promptTokens: row.promptTokens,
    completionTokens: row.completionTokens,
    timeToFirstTokenMs: row.timeToFirstTokenMs,
    aiResponseTime: row.aiResponseTime,
    versionOf: row.versionOf,
    error: row.error,
    continues: row.continues,
    fallback: row.fallback,
  });
}

export function toChatMessage(row: MessageRow): ChatMessage {
  return ChatMessageSchema.parse({
    id: row.id,
    sessionId: row.sessionId,
    seq: row.seq,
    userId: row.userId,
    role: row.role,
    messageType: row.messageType,
    content: row.content,
    parentId: row.parentId,
    createdAt: row.createdAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    reactions: gatherReactions(row.reactions),
    feedback: row.feedback[0]?.value ?? null,
    attachments: row.attachments.map(toAttachment),
    turn: row.turn ? toTurn(row.turn) : null,
    pinnedAt: row.pinnedAt?.toISOString() ?? null,
    starredAt: row.stars[0]?.starredAt?.toISOString() ?? null,
    withdrawn: row.withdrawn,
    forwarded: row.forwarded,
    branch: row.branch,
    branchOf: row.branchOf,
  });
}

export async function readSession(
  reader: Reader,
  sessionId: SessionId,
  asking: UserId | null,
): Promise<ChatSession> {
  return toChatSession(
    await reader.chatSession.findUniqueOrThrow({ where: { id: sessionId }, include: sessionParts }),
    asking,
  );
}
