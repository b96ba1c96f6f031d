import type { ChatMessage } from './shapes.ts';

/** Whether a message counts as unread for somebody who has read up to `readSeq`: of others, and not deleted. */
export function isUnread(
  message: Pick<ChatMessage, 'seq' | 'userId' | 'deletedAt' | 'messageType'>,
  userId: string,
  readSeq: number,
): boolean {
  const { seq, deletedAt, messageType } = message;
  return seq > readSeq && message.userId !== userId && deletedAt === null && messageType !== 'error';
}
