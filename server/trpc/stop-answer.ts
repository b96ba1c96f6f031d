import { ChatError } from '../../protocol/errors.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { TurnStatus } from '../../protocol/shapes.ts';
import { requireMessage } from '../domain/access.ts';
import type { Account } from '../domain/account.ts';
import type { Services } from './services.ts';

/** Any member may stop an answer; one that has ended already stays as it is. */
export async function stopAnswer(
  services: Services,
  account: Account,
  messageId: MessageId,
): Promise<{ status: TurnStatus }> {
  const { message } = await requireMessage(services.domain.database.prisma, messageId, account.userId);
  if (!message.turn) throw new ChatError('CONFLICT', 'Only an answer of Agent Jay can be stopped.');
  return { status: await services.agent.stop(messageId) };
}
