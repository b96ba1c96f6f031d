import { ChatError } from '../../protocol/errors.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import type { ChatSession } from '../../protocol/shapes.ts';
import { requireMember, requireOwner } from './access.ts';
import type { Account } from './account.ts';
import { announceMembers } from './announce-members.ts';
import type { DomainDeps } from './deps.ts';
import { once } from './once.ts';
import { readSession } from './shapes.ts';

/**
 * An owner makes somebody an owner too, or an ordinary member; with `handOver` in one's own place. A conversation
 * always has an owner.
 */
export function setRole(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'session.setRole'>,
): Promise<ChatSession & { duplicate: boolean }> {
  const { sessionId, userId, role, handOver } = input;
  return once(deps.log, account, 'session.setRole', input, async (change) => {
    const { tx } = change;
    requireOwner(await requireMember(tx, sessionId, account.userId));
    const target = await tx.chatMember.findUnique({ where: { sessionId_userId: { sessionId, userId } } });
    if (!target || target.leftPos !== null)
      throw new ChatError('NOT_FOUND', 'That person is not in this conversation.');
    if (target.role === 'agent') throw new ChatError('CONFLICT', 'Agent Jay owns no conversations.');
    if (handOver && (role !== 'owner' || userId === account.userId))
      throw new ChatError('CONFLICT', 'A conversation is handed over to somebody else, as its owner.');
    const owners = await tx.chatMember.findMany({ where: { sessionId, leftPos: null, role: 'owner' } });
    if (role === 'member' && owners.every((owner) => owner.userId === userId))
      throw new ChatError('CONFLICT', 'Make somebody else an owner first: a conversation always has one.');
    const roles = new Map([[userId as string, role as string]]);
    if (handOver) roles.set(account.userId, 'member');
    for (const [member, next] of roles)
      await tx.chatMember.update({
        where: { sessionId_userId: { sessionId, userId: member } },
        data: { role: next },
      });
    await announceMembers(change, sessionId);
    return readSession(tx, sessionId, account.userId);
  });
}
