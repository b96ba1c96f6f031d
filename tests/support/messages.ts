import { MessageRow } from '../../app/local-db/rows.ts';
import { newMessageId } from '../../protocol/ids.ts';
import { SessionSnapshot, Snapshot } from '../../protocol/outputs.ts';
import { ChatMessage, type Member, type Turn } from '../../protocol/shapes.ts';

const at = '2026-11-24T09:30:00.000Z';

type Said = Pick<ChatMessage, 'sessionId' | 'seq' | 'userId' | 'content'>;

/** A plain message as the server sends it: what a test says nothing of is as when somebody has just written it. */
export function messageOf(said: Said & Partial<ChatMessage>): ChatMessage {
  return ChatMessage.parse({
    id: newMessageId(),
    role: 'user',
    messageType: 'text',
    parentId: null,
    createdAt: at,
    editedAt: null,
    deletedAt: null,
    reactions: {},
    feedback: null,
    attachments: [],
    turn: null,
    ...said,
  });
}

/** The same as a device holds it. */
export function messageRowOf(said: Said & Partial<MessageRow>): MessageRow {
  return MessageRow.parse({ ...messageOf(said), sortKey: said.seq, local: null, ...said });
}

/** Of an answer that ended as it should, of which nothing else is known. */
export const doneTurn: Turn = {
  status: 'done',
  model: null,
  provider: null,
  promptTokens: null,
  completionTokens: null,
  timeToFirstTokenMs: null,
  aiResponseTime: null,
  versionOf: null,
  error: null,
  continues: null,
  fallback: null,
};

type Held = Pick<SessionSnapshot, 'id' | 'lastSeq'> & { members: readonly Pick<Member, 'userId' | 'name'>[] };

/** A group as a snapshot holds it, with nothing marked; its first member is its owner. */
export function snapshotOf(held: Held & { messages?: ChatMessage[] }): SessionSnapshot {
  const { messages = [] } = held;
  return SessionSnapshot.parse({
    title: 'Team',
    sessionType: 'general',
    isGroupChat: true,
    maxParticipants: 10,
    projectId: null,
    createdBy: held.members[0]?.userId,
    createdAt: at,
    updatedAt: at,
    lastActivity: at,
    isActive: true,
    totalMessages: messages.length,
    aiModelUsed: null,
    tokensUsed: 0,
    hasMore: false,
    ...held,
    messages,
    members: held.members.map((member, i) => ({
      role: i === 0 ? 'owner' : 'member',
      joinedAt: at,
      deliveredSeq: 0,
      readSeq: 0,
      ...member,
    })),
  });
}

/** A snapshot that brings these conversations and nothing else. */
export function snapshotWith(sessions: SessionSnapshot[], cursor = 'c1'): Snapshot {
  return Snapshot.parse({
    cursor,
    sessions,
    presence: [],
    drafts: [],
    projects: [],
    memories: [],
    mine: [],
    threads: [],
  });
}
