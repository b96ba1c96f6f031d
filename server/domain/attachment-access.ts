import { ChatError } from '../../protocol/errors.ts';
import type { AttachmentId, UserId } from '../../protocol/ids.ts';
import type { Attachment } from '../../protocol/shapes.ts';
import type { Prisma } from '../store/prisma-types.ts';
import type { Reader } from './deps.ts';

export type AttachmentRow = Prisma.AttachmentGetPayload<object>;

export const noSuchFile = () => new ChatError('NOT_FOUND', 'There is no such file, or you cannot see it.');

/** A file that the account uploads or has uploaded; of others' nothing is told. */
export async function requireOwnAttachment(
  reader: Reader,
  id: AttachmentId,
  userId: UserId,
): Promise<AttachmentRow> {
  const row = await reader.attachment.findUnique({ where: { id } });
  if (!row || row.ownerId !== userId) throw noSuchFile();
  return row;
}

/**
 * A file that the account may see: its own, or one of a message that lies within what its membership shows. Who left
 * keeps what was there until then.
 */
export async function requireVisibleAttachment(
  reader: Reader,
  id: AttachmentId,
  userId: UserId,
): Promise<AttachmentRow> {
  const row = await reader.attachment.findUnique({ where: { id }, include: { message: true } });
  if (row?.status !== 'ready') throw noSuchFile();
  const { message, ...attachment } = row;
  if (!message) {
    if (row.ownerId !== userId) throw noSuchFile();
    return attachment;
  }
  const { sessionId } = message;
  const member = await reader.chatMember.findUnique({ where: { sessionId_userId: { sessionId, userId } } });
  if (!member || message.seq < member.joinSeq || message.seq > (member.leftSeq ?? message.seq))
    throw noSuchFile();
  return attachment;
}

export function toAttachment(row: AttachmentRow): Attachment {
  const { id, name, mimeType, bytes, width, height, preview, hasThumbnail } = row;
  return { id, name, mimeType, bytes, width, height, preview, hasThumbnail };
}
