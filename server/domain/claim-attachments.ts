import { ChatError } from '../../protocol/errors.ts';
import type { AttachmentId, MessageId, SessionId, UserId } from '../../protocol/ids.ts';
import { claimSql } from '../store/attachment-sql.ts';
import type { Tx } from '../store/prisma-types.ts';
import type { DomainDeps } from './deps.ts';

/**
 * Sets files aside for a message that is about to be appended: append_sends takes along what was claimed. Each must be
 * the sender's own, ready, meant for this conversation and of no other message. What the same message claimed before and
 * names no longer is let go; claims of one that is then refused do no harm, and are swept away.
 */
export async function claimAttachments(
  { database }: DomainDeps,
  userId: UserId,
  message: { id: MessageId; sessionId: SessionId; attachmentIds: readonly AttachmentId[] },
): Promise<void> {
  const { id, sessionId } = message;
  const attachmentIds = [...new Set(message.attachmentIds)];
  if (attachmentIds.length === 0) return;
  const claimed = await claimSql(database.pool, { userId, messageId: id, sessionId, attachmentIds });
  if (claimed === attachmentIds.length) return;
  // Sent before, and its files may be gone with it since: the log says what became of it.
  if (await database.prisma.chatMessage.findUnique({ where: { id }, select: { id: true } })) return;
  throw new ChatError('NOT_FOUND', 'One of the attachments is not there. Upload it first.');
}

/** As append_sends does with what was claimed for a message that names files. */
export async function takeClaimed(tx: Tx, ownerId: UserId, id: MessageId): Promise<void> {
  const claimed = { claimedBy: id, ownerId, status: 'ready', messageId: null };
  const files = await tx.attachment.findMany({ where: claimed, orderBy: { place: 'asc' } });
  await tx.attachment.updateMany({ where: claimed, data: { messageId: id } });
  const fileNames = files.map(({ name }) => name).join(' ');
  await tx.chatMessage.update({ where: { id }, data: { fileNames } });
}
