import { ChatError } from '../../protocol/errors.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { requireMember, requireOwner } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { once } from './once.ts';
import { keepPicture, squarePicture } from './pictures.ts';
import { requireOwnProject } from './read-projects.ts';
import { readSession } from './shapes.ts';

/**
 * Renames, archives or brings back a conversation for everyone, links a project of one's own, or notes what it is about.
 * Any member may; how many people it takes, and a group's picture, an owner says.
 */
export async function updateSession(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.update'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { sessionId, title, isActive, projectId, context, maxParticipants } = input;
  const picture = input.picture && (await squarePicture(deps, input.picture));
  return once(deps.log, account, 'session.update', input, async (change) => {
    const { tx } = change;
    const member = await requireMember(tx, sessionId, account.userId);
    if (picture !== undefined) {
      requireOwner(member);
      await requireGroup(tx, sessionId);
      await keepPicture(change, { sessionId }, picture);
    }
    if (maxParticipants !== undefined) {
      requireOwner(member);
      await requireRoom(tx, sessionId, maxParticipants);
    }
    if (projectId) await requireOwnProject(tx, account.userId, projectId);
    const changes = {
      ...(title === undefined ? {} : { title }),
      ...(isActive === undefined ? {} : { isActive }),
      ...(projectId === undefined ? {} : { projectId }),
      ...(context === undefined ? {} : { context: merged(await readSession(tx, sessionId, null), context) }),
      ...(maxParticipants === undefined ? {} : { maxParticipants }),
    };
    const told = { ...changes, ...(picture === undefined ? {} : { picture: picture?.id ?? null }) };
    if (Object.keys(told).length > 0) {
      await tx.chatSession.update({ where: { id: sessionId }, data: changes });
      await change.append(sessionId, { type: 'session.updated', changes: told, at: change.at });
    }
    return readSession(tx, sessionId, account.userId);
  });
}

/** Plain JSON, small enough to stand in every prompt. */
function merged(session: ChatSession, change: Record<string, unknown>): Prisma.JsonObject {
  const context: Prisma.JsonObject = JSON.parse(JSON.stringify({ ...session.context, ...change }));
  for (const [key, value] of Object.entries(context)) if (value === null) delete context[key];
  if (JSON.stringify(context).length > limits.sessionContextLength) {
    throw new ChatError(
      'TOO_LARGE',
      `What is noted about a conversation may have up to ${limits.sessionContextLength.toLocaleString('en')} characters. Shorten it.`,
    );
  }
  return context;
}

async function requireGroup(reader: Reader, sessionId: SessionId): Promise<void> {
  const { isGroupChat } = await reader.chatSession.findUniqueOrThrow({ where: { id: sessionId } });
  if (!isGroupChat) throw new ChatError('CONFLICT', 'Only a group has a picture of its own.');
}

async function requireRoom(reader: Reader, sessionId: SessionId, maxParticipants: number): Promise<void> {
  const people = await reader.chatMember.count({
    where: { sessionId, leftPos: null, role: { not: 'agent' } },
  });
  if (people > maxParticipants)
    throw new ChatError('CONFLICT', `There are ${people} people in this conversation already.`);
}
