import { ChatError } from '../../protocol/errors.ts';
import { branchShown } from '../../protocol/forks.ts';
import { type MessageId, newAttachmentId, type SessionId, type UserId } from '../../protocol/ids.ts';
import type { SendResult } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { digestOf } from '../log/log.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import { appendSaid } from './append-message.ts';
import type { AttachmentRow } from './attachment-access.ts';
import { requireRoom } from './begin-attachment.ts';
import type { DomainDeps } from './deps.ts';
import { readForks } from './forks.ts';
import { idReused } from './once.ts';
import { bytesOf } from './stored-bytes.ts';

/**
 * Sends the words and files of a message to another conversation, as one's own and marked as forwarded; who wrote them first is
 * not told. It follows what is shown there. Agent Jay, alone with the person, takes it as said to him.
 */
export function forwardMessage(
  deps: DomainDeps,
  { userId }: Account,
  { id, messageId, sessionId }: Parsed<'message.forward'>,
): Promise<SendResult> {
  const sendHash = digestOf('forward', messageId, sessionId);
  return deps.log.change(async (change) => {
    const { tx } = change;
    const sent = await tx.chatMessage.findUnique({ where: { id } });
    if (sent) {
      if (sent.userId !== userId || sent.sendHash !== sendHash) throw idReused();
      return { id, sessionId, seq: sent.seq, createdAt: sent.createdAt.toISOString(), duplicate: true };
    }
    const { message } = await requireMessage(tx, messageId, userId);
    requireLiving(message);
    await requireMember(tx, sessionId, userId);
    const { content, attachments, fileNames } = message;
    if (content.trim() === '' && attachments.length === 0)
      throw new ChatError('CONFLICT', 'There is nothing in this message to forward yet.');
    const files = attachments.map((file) => copyOf(file, { id, sessionId, userId, now: change.now }));
    if (files.length > 0) await requireRoom(tx, { userId }, sum(files.map(({ bytes }) => bytes)));
    const branch = branchShown(await readForks(tx, sessionId));
    const { seq } = await appendSaid(change, {
      row: { id, sessionId, userId, content, fileNames, sendHash, forwarded: true, branch },
      attach: () => tx.attachment.createMany({ data: files }),
      // Words of somebody else's name nobody.
      addressesAgent: false,
    });
    return { id, sessionId, seq, createdAt: change.at, duplicate: false };
  });
}

/** The same file once more, as the forwarder's own; its bytes stay where they are. */
function copyOf(
  { refusal: _none, ...file }: AttachmentRow,
  message: { id: MessageId; sessionId: SessionId; userId: UserId; now: Date },
): Prisma.AttachmentCreateManyInput {
  return {
    ...file,
    id: newAttachmentId(),
    bytesId: bytesOf(file),
    ownerId: message.userId,
    sessionId: message.sessionId,
    claimedBy: message.id,
    messageId: message.id,
    createdAt: message.now,
    readyAt: message.now,
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
