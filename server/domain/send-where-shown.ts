import { branchShown } from '../../protocol/forks.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { readForks } from './forks.ts';
import { sendMessage } from './send-message.ts';

/** For whoever knows nothing of branches (a script): what it says follows what is shown. */
export async function sendWhereShown(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.send'>,
): ReturnType<typeof sendMessage> {
  const { prisma } = deps.database;
  await requireMember(prisma, input.sessionId, account.userId);
  return sendMessage(deps, account, {
    ...input,
    branch: branchShown(await readForks(prisma, input.sessionId)),
  });
}
