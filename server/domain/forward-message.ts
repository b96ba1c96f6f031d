import { ChatError } from '../../protocol/errors.ts';
import { branchShown } from '../../protocol/forks.ts';
import type { SendResult } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { digestOf } from '../log/log.ts';
import { requireLiving, requireMember, requireMessage } from './access.ts';
import type { Account } from './account.ts';
import { appendSaid } from './append-message.ts';
import type { DomainDeps } from './deps.ts';
import { readForks } from './forks.ts';
import { idReused } from './once.ts';

/**
 * Sends the words of a message to another conversation, as one's own and marked as forwarded; who wrote them first is
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
    if (message.attachments.length > 0)
      throw new ChatError(
        'CONFLICT',
        'A message with files cannot be forwarded. Send the file itself there.',
      );
    if (message.content.trim() === '')
      throw new ChatError('CONFLICT', 'There are no words in this message to forward yet.');
    const branch = branchShown(await readForks(tx, sessionId));
    const { seq } = await appendSaid(change, {
      row: { id, sessionId, userId, content: message.content, sendHash, forwarded: true, branch },
      // Words of somebody else's name nobody.
      addressesAgent: false,
    });
    return { id, sessionId, seq, createdAt: change.at, duplicate: false };
  });
}
