import { ChatError } from '../../protocol/errors.ts';
import { AGENT_ID, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { ChatSession, UNTITLED } from '../../protocol/shapes.ts';
import { digestOf } from '../log/log.ts';
import { type Account, requireAccount } from './account.ts';
import { requireNoBlock, requireNoBlockAmong } from './blocks.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { idReused } from './once.ts';
import { requireOwnProject } from './read-projects.ts';
import { readSession } from './shapes.ts';

/**
 * Idempotent by the client's id: the first content counts for ever, and a repetition gets the first result, which its
 * author may have been removed from since (invariants 2 and 24).
 */
export function createSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.create'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { id, sessionType, projectId = null, maxParticipants } = input;
  const people = [...new Set([account.userId, ...input.memberIds])].filter((userId) => userId !== AGENT_ID);
  const withAgent = input.withAgent || input.memberIds.some((userId) => userId === AGENT_ID);
  const isGroupChat = input.isGroupChat ?? people.length > 2;
  const createHash = digestOf(account.userId, input);
  return deps.log.change(async (change) => {
    const { tx } = change;
    await requireAccount(tx, account.userId);
    const existing = await tx.chatSession.findUnique({ where: { id }, select: { createHash: true } });
    if (existing) {
      if (existing.createHash !== createHash) throw idReused();
      return { ...(await asCreated(tx, id)), duplicate: true };
    }
    if (people.length > maxParticipants) {
      throw new ChatError(
        'CONFLICT',
        `This conversation takes ${maxParticipants} people; you named ${people.length}.`,
      );
    }
    const known = await tx.user.count({ where: { id: { in: people }, deletedAt: null } });
    if (known < people.length) throw new ChatError('NOT_FOUND', 'One of the people you named is not here.');
    await requireNoBlock(tx, account, input.memberIds);
    if (!isGroupChat) await requireNoBlockAmong(tx, people);
    if (projectId) await requireOwnProject(tx, account.userId, projectId);
    const members: { userId: UserId; role: string }[] = people.map((userId) => ({
      userId,
      role: userId === account.userId ? 'owner' : 'member',
    }));
    // A whole table of these grows with the conversation; Agent Jay is a member like any other.
    if (withAgent) members.push({ userId: AGENT_ID as UserId, role: 'agent' });
    const moment = { createdAt: change.now, updatedAt: change.now, lastActivity: change.now };
    await tx.chatSession.create({
      data: {
        id,
        title: input.title ?? UNTITLED,
        sessionType,
        isGroupChat,
        maxParticipants,
        projectId,
        createdBy: account.userId,
        createHash,
        ...moment,
        members: {
          create: members.map((m) => ({ ...m, joinedAt: change.now, joinPos: change.nextPos, joinSeq: 1 })),
        },
      },
    });
    const event = await change.append(id, async () => ({
      type: 'session.created',
      session: await readSession(tx, id, null),
    }));
    if (event.type !== 'session.created') throw new Error('unreachable');
    return { ...event.session, duplicate: false };
  });
}

/** The conversation as the log tells that it was made, and as it was first answered. */
async function asCreated(reader: Reader, sessionId: SessionId): Promise<ChatSession> {
  const { payload } = await reader.chatEvent.findFirstOrThrow({
    where: { sessionId, type: 'session.created' },
    orderBy: { seq: 'asc' },
    select: { payload: true },
  });
  // Written above, maybe by an earlier version: the schema fills in what that one did not know.
  return ChatSession.parse((payload as { session?: unknown }).session);
}
