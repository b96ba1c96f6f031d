import { ChatError } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { Me } from '../../protocol/shapes.ts';
import type { DomainDeps } from './deps.ts';
import { announceMe } from './me.ts';

type Role = Me['role'];
export const roles: readonly Role[] = Me.shape.role.options;

/** Gives somebody who has signed up a role; their devices are told. For whoever has a shell on the server, nobody else. */
export async function grantRole(deps: DomainDeps, email: string, role: Role): Promise<Me> {
  const wanted = email.trim().toLowerCase();
  return deps.log.change(async (change) => {
    const row = await change.tx.user.findFirst({
      where: { email: wanted, isAnonymous: false, accounts: { some: {} } },
      select: { id: true },
    });
    if (!row)
      throw new ChatError(
        'NOT_FOUND',
        `Nobody has signed up as ${wanted}: they sign up first, then get the role.`,
      );
    await change.tx.user.update({ where: { id: row.id }, data: { role } });
    return announceMe(change, row.id as UserId); // ids of accounts are minted as such
  });
}
