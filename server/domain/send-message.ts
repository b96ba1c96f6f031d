import { ChatError } from '../../protocol/errors.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { SendResult } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { digestOf } from '../log/log.ts';
import { noLongerMember, noSuchConversation } from './access.ts';
import type { Account } from './account.ts';
import { claimAttachments } from './claim-attachments.ts';
import { requireStorable } from './content.ts';
import type { DomainDeps } from './deps.ts';
import { firstAnswerTo } from './first-answer.ts';
import { idReused } from './once.ts';
import { sendInBranch } from './send-in-branch.ts';

/** @returns the result, and the id of the answer that this message asked for, if it asked */
export async function sendMessage(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.send'>,
): Promise<SendResult & { answerId: MessageId | null }> {
  const { id, sessionId, content, parentId = null, attachmentIds } = input;
  requireStorable(content);
  await claimAttachments(deps, account.userId, input);
  const hash = hashOf(input);
  if (input.branch || input.branchOf) return sendInBranch(deps, account, input, hash);
  const sent = await deps.log.send({
    id,
    sessionId,
    userId: account.userId,
    content,
    parentId,
    hash,
    mentionsAgent: deps.mentionsAgent(content),
    isPlaced: input.branch === null,
    hasFiles: attachmentIds.length > 0,
  });
  switch (sent.outcome) {
    case 'reused':
      throw idReused();
    case 'not_found':
      throw noSuchConversation();
    case 'left':
      throw noLongerMember();
    case 'no_parent':
      throw new ChatError('NOT_FOUND', 'The message you reply to is not in this conversation.');
    case 'branched':
      return sendInBranch(deps, account, input, hash);
    default:
      return {
        id,
        sessionId,
        seq: sent.seq,
        createdAt: sent.createdAt.toISOString(),
        duplicate: sent.outcome === 'duplicate',
        // A repeated question has its answer already, or soon.
        answerId:
          sent.outcome === 'duplicate' ? await firstAnswerTo(deps.database.prisma, id) : sent.answerId,
      };
  }
}

/** By what was asked for alone: where it came to stand is not in it, for a retry may find another branch shown. */
function hashOf({ sessionId, content, parentId, branch, branchOf, attachmentIds }: Parsed<'message.send'>) {
  const said = [sessionId, content, parentId ?? null];
  if (branch || branchOf) return digestOf(...said, branch ?? null, branchOf ?? null, attachmentIds);
  // Without files it is what it was before there were any.
  return digestOf(...said, ...(attachmentIds.length > 0 ? [attachmentIds] : []));
}
