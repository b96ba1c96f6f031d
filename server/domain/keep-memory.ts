import type { MemoryId, MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import type { MemoryKind, MemoryOrigin } from '../../protocol/memory.ts';
import type { Change } from '../log/change.ts';
import { toMemory } from './read-memories.ts';

export interface NewMemory {
  id: MemoryId;
  kind: MemoryKind;
  content: string;
  origin: MemoryOrigin;
  sourceMessageId: MessageId | null;
  sourceSessionId: SessionId | null;
}

/** Writes one memory down and tells the person's own devices. */
export async function keepMemory(change: Change, userId: UserId, memory: NewMemory): Promise<void> {
  const moment = { createdAt: change.now, updatedAt: change.now };
  const row = await change.tx.memory.create({ data: { userId, ...memory, ...moment } });
  const told = toMemory(row);
  const statePos = change.stamp({ userId }, { type: 'memory', memoryId: told.id, memory: told });
  await change.tx.memory.update({ where: { id: memory.id }, data: { statePos } });
}

/** Leaves a tombstone without words or source: forgotten is forgotten at once, on every device. */
export async function forgetMemories(
  change: Change,
  userId: UserId,
  ids: readonly string[],
): Promise<MemoryId[]> {
  const forgotten: MemoryId[] = [];
  for (const id of ids) {
    const memoryId = id as MemoryId; // written through its schema
    const statePos = change.stamp({ userId }, { type: 'memory', memoryId, memory: null });
    await change.tx.memory.update({
      where: { id },
      data: { content: '', sourceMessageId: null, sourceSessionId: null, statePos, deletedAt: change.now },
    });
    forgotten.push(memoryId);
  }
  return forgotten;
}

/** The words that something was learnt from no longer stand: what came from them goes, whoever's it is. */
export async function forgetFrom(change: Change, messageId: MessageId): Promise<void> {
  const rows = await change.tx.memory.findMany({
    where: { sourceMessageId: messageId, deletedAt: null },
    select: { id: true, userId: true },
  });
  // Ids of accounts are minted as such.
  for (const { id, userId } of rows) await forgetMemories(change, userId as UserId, [id]);
}
