import {
  AGENT_ID,
  type MessageId,
  type MutationId,
  type SessionId,
  type UserId,
} from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { type Input, inputs } from '../../protocol/procedures.ts';
import { type Attachment, type Me, UNTITLED } from '../../protocol/shapes.ts';
import {
  type JournalEntry,
  type MessageRow,
  nothingMade,
  QUEUED_SORT_KEY,
  type StoredSession,
} from './rows.ts';

/** Further behind than anything that waits. */
const BEING_STORED = 1e11;

/** A conversation that was made here, as it stands until the server has it. */
export function newSession(
  input: ReturnType<(typeof inputs)['session.create']['parse']>,
  me: Me,
  at: string,
): StoredSession {
  const marks = { joinedAt: at, deliveredSeq: 0, readSeq: 0 };
  const members: StoredSession['members'] = [
    { userId: me.id, name: me.name, role: 'owner', picture: me.picture, ...marks },
  ];
  // Agent Jay's id is that of a user by definition.
  if (input.withAgent)
    members.push({ userId: AGENT_ID as UserId, name: 'Agent Jay', role: 'agent', picture: null, ...marks });
  return {
    id: input.id,
    title: input.title ?? UNTITLED,
    sessionType: input.sessionType,
    isGroupChat: input.isGroupChat ?? input.memberIds.length > 1,
    maxParticipants: input.maxParticipants ?? limits.participantsByDefault,
    projectId: input.projectId ?? null,
    createdBy: me.id,
    createdAt: at,
    updatedAt: at,
    lastActivity: at,
    isActive: true,
    lastSeq: 0,
    totalMessages: 0,
    aiModelUsed: null,
    tokensUsed: 0,
    context: {},
    members,
    forks: {},
    picture: null,
    hasOlder: false,
    olderUnread: 0,
    pendingCreate: true,
    left: false,
    completeAt: null,
    mine: nothingMade,
    former: {},
  };
}

/** How a message begins its way from this device. */
export function newJournal(messageId: MessageId, writtenAt: string): JournalEntry {
  return {
    messageId,
    writtenAt,
    leftAt: null,
    attempts: 0,
    lastAttemptAt: null,
    problem: null,
    storedAt: null,
  };
}

/** A message that was written here, as it stands until the server has it. */
export function newMessage(
  input: Input<'message.send'> & { id: MessageId; sessionId: SessionId },
  userId: UserId,
  queued: { mutationId: MutationId; at: string; position: number; attachments?: readonly Attachment[] },
): MessageRow {
  return {
    id: input.id,
    sessionId: input.sessionId,
    seq: 0,
    userId,
    role: 'user',
    messageType: 'text',
    content: input.content,
    parentId: (input.parentId ?? null) as MessageRow['parentId'], // parsed by its schema before
    createdAt: queued.at,
    editedAt: null,
    deletedAt: null,
    reactions: {},
    feedback: null,
    attachments: [...(queued.attachments ?? [])],
    turn: null,
    pinnedAt: null,
    starredAt: null,
    withdrawn: false,
    forwarded: false,
    branch: null,
    branchOf: null,
    sortKey: QUEUED_SORT_KEY + queued.position,
    local: { mutationId: queued.mutationId, state: 'queued', error: null },
  };
}

/** The same while it is not even stored on this device. */
export function unstoredMessage(
  message: Input<'message.send'>,
  me: UserId,
  mutationId: MutationId,
  at: string,
): MessageRow {
  const sent = inputs['message.send'].parse(message);
  const row = newMessage(sent, me, { mutationId, at, position: BEING_STORED });
  return { ...row, branch: sent.branch ?? null };
}

/** Whether a row is shown ahead of its being stored: nothing may be promised of it, and nothing done with it, yet. */
export const isBeingStored = (row: MessageRow): boolean => row.sortKey === QUEUED_SORT_KEY + BEING_STORED;
