import type { UserId } from '../../protocol/ids.ts';
import { Memory } from '../../protocol/memory.ts';
import type { Prisma } from '../store/prisma-types.ts';
import type { Reader } from './deps.ts';

type MemoryRow = Prisma.MemoryGetPayload<object>;

export function toMemory(row: MemoryRow): Memory {
  return Memory.parse({
    id: row.id,
    kind: row.kind,
    content: row.content,
    origin: row.origin,
    sourceMessageId: row.sourceMessageId,
    sourceSessionId: row.sourceSessionId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

/** What Agent Jay remembers of this person, the newest first. */
export async function listMemories(reader: Reader, userId: UserId): Promise<Memory[]> {
  const rows = await reader.memory.findMany({
    where: { userId, deletedAt: null },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toMemory);
}
