import { type AnswerContext, ContextUsed } from '../../protocol/context-used.ts';
import type { MessageId } from '../../protocol/ids.ts';
import { noSuchMessage, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import type { Reader } from './deps.ts';
import { toMemory } from './read-memories.ts';
import { findProject } from './read-projects.ts';

/** What an answer was based on, for the one who asked; others learn nothing, not even that there is something. */
export async function readAnswerContext(
  reader: Reader,
  account: Account,
  messageId: MessageId,
): Promise<AnswerContext> {
  const { message } = await requireMessage(reader, messageId, account.userId);
  const used = ContextUsed.safeParse(message.turn?.contextUsed);
  if (message.turn?.askedBy !== account.userId || message.deletedAt || !used.success) throw noSuchMessage();
  const { memoryIds, ...rest } = used.data;
  const [memories, project] = await Promise.all([
    reader.memory.findMany({
      where: { id: { in: memoryIds }, userId: account.userId, deletedAt: null },
      orderBy: { updatedAt: 'desc' },
    }),
    rest.projectId ? findProject(reader, account, rest.projectId) : null,
  ]);
  return {
    ...rest,
    projectTitle: project?.title ?? null,
    memories: memories.map(toMemory),
    forgotten: memoryIds.length - memories.length,
  };
}
