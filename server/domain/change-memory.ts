import { ChatError } from '../../protocol/errors.ts';
import type { MemoryId, MutationId, UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { Account } from './account.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { forgetMemories, keepMemory } from './keep-memory.ts';
import { idReused, once } from './once.ts';
import { toMemory } from './read-memories.ts';

/** What is kept of such a write for ever is its id, never its words: those can be forgotten. */
export interface ChangedMemory {
  memoryId: MemoryId;
  duplicate: boolean;
}

/** The person writes down what Agent Jay is to remember. Idempotent by the client's id. */
export function addMemory(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'memory.add'>,
): Promise<ChangedMemory> {
  const { id, kind, content } = input;
  const write = { ...input, mutationId: id as string as MutationId }; // both are UUIDv7
  return once(deps.log, account, 'memory.add', write, async (change) => {
    const { tx } = change;
    if (await tx.memory.findUnique({ where: { id } })) throw idReused();
    const count = await tx.memory.count({ where: { userId: account.userId, deletedAt: null } });
    if (count >= limits.memoriesPerPerson) {
      throw new ChatError(
        'CONFLICT',
        `Agent Jay remembers ${count} things of you, which is as many as he can. Let him forget one first.`,
      );
    }
    const source = { sourceMessageId: null, sourceSessionId: null };
    await keepMemory(change, account.userId, { id, kind, content, origin: 'written', ...source });
    return { memoryId: id };
  });
}

/** The person puts it right. From then on it is what they wrote: it no longer goes with what it was learnt from. */
export function updateMemory(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'memory.update'>,
): Promise<ChangedMemory> {
  const { memoryId, content, kind } = input;
  const { userId } = account;
  return once(deps.log, account, 'memory.update', input, async (change) => {
    await requireMemory(change.tx, userId, memoryId);
    const row = await change.tx.memory.update({
      where: { id: memoryId },
      data: {
        content,
        ...(kind === undefined ? {} : { kind }),
        origin: 'written',
        sourceMessageId: null,
        sourceSessionId: null,
        updatedAt: change.now,
      },
    });
    const statePos = change.stamp({ userId }, { type: 'memory', memoryId, memory: toMemory(row) });
    await change.tx.memory.update({ where: { id: memoryId }, data: { statePos } });
    return { memoryId };
  });
}

/** Forgets at once. */
export function deleteMemory(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'memory.delete'>,
): Promise<ChangedMemory> {
  const { memoryId } = input;
  return once(deps.log, account, 'memory.delete', input, async (change) => {
    await requireMemory(change.tx, account.userId, memoryId);
    await forgetMemories(change, account.userId, [memoryId]);
    return { memoryId };
  });
}

async function requireMemory(reader: Reader, userId: UserId, memoryId: MemoryId): Promise<void> {
  const row = await reader.memory.findFirst({ where: { id: memoryId, userId, deletedAt: null } });
  if (!row) throw new ChatError('NOT_FOUND', 'Agent Jay remembers no such thing of you.');
}
