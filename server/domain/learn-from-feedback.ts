import { type MessageId, newMemoryId, type SessionId, type UserId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { FeedbackValue } from '../../protocol/shapes.ts';
import type { Change } from '../log/change.ts';
import { oppositeOf, preferenceFrom } from './feedback-preference.ts';
import { forgetMemories, keepMemory } from './keep-memory.ts';
import { getMe } from './me.ts';

/**
 * A reason given for a like or dislike becomes a preference that later prompts carry. Another opinion on the same answer
 * takes the first one's place; taken back, nothing of it stays.
 */
export async function learnFromFeedback(
  change: Change,
  userId: UserId,
  given: { messageId: MessageId; sessionId: SessionId; value: FeedbackValue | null; reason: string },
): Promise<void> {
  const { messageId, sessionId, value, reason } = given;
  const held = await change.tx.memory.findMany({ where: { userId, kind: 'preference', deletedAt: null } });
  const before = held.filter((row) => row.origin === 'feedback' && row.sourceMessageId === messageId);
  const content = value === null ? null : preferenceFrom(value, reason);
  // What was learnt from other answers and is now contradicted goes too.
  const opposite = content === null ? null : oppositeOf(content);
  const outdated = held.filter((row) => row.origin === 'feedback' && row.content === opposite);
  const gone = new Set([...before, ...outdated].map(({ id }) => id));
  await forgetMemories(change, userId, [...gone]);
  if (content === null || held.some((row) => !gone.has(row.id) && row.content === content)) return;
  if (held.length - gone.size >= limits.memoriesPerPerson) return;
  if (!(await getMe(change.tx, userId)).settings.memory) return;
  await keepMemory(change, userId, {
    id: newMemoryId(),
    kind: 'preference',
    content,
    origin: 'feedback',
    sourceMessageId: messageId,
    sourceSessionId: sessionId,
  });
}
