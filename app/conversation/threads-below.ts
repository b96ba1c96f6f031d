import type { MessageId, UserId } from '../../protocol/ids.ts';
import type { MessageRow } from '../local-db/rows.ts';
import type { ThreadBelow } from './message-bubble.tsx';

/**
 * Which messages have a thread under them, how long it is, and how much of it is new: replies of others above the
 * thread's own mark, in threads that one takes part in. Only what has no parent here begins a thread.
 */
export function threadsBelow(
  messages: readonly MessageRow[],
  marks: ReadonlyMap<MessageId, number>,
  me: UserId,
): Map<MessageId, ThreadBelow> {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const rootOf = (message: MessageRow): MessageId => {
    let root = message;
    for (let up = byId.get(root.parentId as MessageId); up; up = byId.get(root.parentId as MessageId))
      root = up; // null finds none
    return root.id;
  };
  const threads = new Map<MessageId, ThreadBelow>();
  const isMine = new Set<MessageId>();
  for (const message of messages) {
    if (message.parentId === null || message.deletedAt !== null || !byId.has(message.parentId)) continue;
    const rootId = rootOf(message);
    const thread = threads.get(rootId) ?? { rootId, replies: 0, unread: 0 };
    const isNew = message.userId !== me && message.seq > (marks.get(rootId) ?? 0);
    if (message.userId === me || byId.get(rootId)?.userId === me) isMine.add(rootId);
    threads.set(rootId, {
      rootId,
      replies: thread.replies + 1,
      unread: thread.unread + (isNew ? 1 : 0),
    });
  }
  for (const [rootId, thread] of threads) if (!isMine.has(rootId)) thread.unread = 0;
  return threads;
}
