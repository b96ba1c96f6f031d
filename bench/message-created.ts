import { SessionId } from '../protocol/ids.ts';
import type { SendRow } from '../server/store/append-sql.ts';

/** The event of a plain message, as the log's own function writes it. */
export function messageCreated(row: Omit<SendRow, 'answerId'>, seq: number, now: Date) {
  const { id, userId, content, parentId } = row;
  const sessionId = SessionId.parse(row.sessionId);
  return {
    type: 'message.created',
    sessionId,
    seq,
    message: {
      id,
      sessionId,
      seq,
      userId,
      role: 'user',
      messageType: 'text',
      content,
      parentId,
      createdAt: now.toISOString(),
      editedAt: null,
      deletedAt: null,
      reactions: {},
      feedback: null,
      attachments: [],
      turn: null,
    },
  };
}
