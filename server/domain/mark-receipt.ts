import type { Parsed } from '../../protocol/procedures.ts';
import { noLongerMember, noSuchConversation } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';

/** Moves the account's marks forward; never back, never past the last event (invariant 13). */
export async function markReceipt(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'receipt.mark'>,
): Promise<{ sessionId: string; deliveredSeq: number; readSeq: number }> {
  const { sessionId, deliveredSeq = null, readSeq = null } = input;
  const marked = await deps.log.mark({ sessionId, userId: account.userId, deliveredSeq, readSeq });
  if (marked.outcome === 'not_found') throw noSuchConversation();
  if (marked.outcome === 'left') throw noLongerMember();
  return { sessionId, deliveredSeq: marked.deliveredSeq, readSeq: marked.ownReadSeq };
}
