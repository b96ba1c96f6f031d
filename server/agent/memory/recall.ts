import type { MemoryId } from '../../../protocol/ids.ts';
import type { Database } from '../../store/database.ts';

export interface Recalled {
  facts: string[];
  preferences: string[];
  ids: MemoryId[];
}

/** What stands in one prompt, at about four characters a token: memories are a help, not the conversation. */
const CHARACTERS_AT_MOST = 4_000;
const ROWS_AT_MOST = 60;

/**
 * What is remembered of the one who asks, the newest first, as far as it fits. Where others read the answer only how
 * they like to be answered: facts are for themselves alone.
 */
export async function recall(
  { prisma }: Database,
  userId: string,
  { isGroup }: { isGroup: boolean },
): Promise<Recalled> {
  const rows = await prisma.memory.findMany({
    where: { userId, deletedAt: null, ...(isGroup ? { kind: 'preference' } : {}) },
    orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }],
    take: ROWS_AT_MOST,
  });
  const recalled: Recalled = { facts: [], preferences: [], ids: [] };
  let left = CHARACTERS_AT_MOST;
  for (const { id, kind, content } of rows) {
    left -= content.length;
    if (left < 0) break;
    (kind === 'preference' ? recalled.preferences : recalled.facts).push(content);
    recalled.ids.push(id as MemoryId); // written through its schema
  }
  return recalled;
}

export const nothingRecalled: Recalled = { facts: [], preferences: [], ids: [] };
