import type { UserId } from '../../protocol/ids.ts';
import { Settings } from '../../protocol/shapes.ts';
import type { DomainDeps } from './deps.ts';

type Privacy = Settings['privacy'];

/** What each of these people lets others see. */
async function privacyOf(deps: DomainDeps, userIds: readonly UserId[]): Promise<Map<UserId, Privacy>> {
  const rows = await deps.database.prisma.user.findMany({
    where: { id: { in: [...userIds] } },
    select: { id: true, settings: true },
  });
  // Ids of accounts are minted as such.
  return new Map(rows.map((row) => [row.id as UserId, Settings.parse(row.settings ?? {}).privacy]));
}

/** Of those named, the ones who do not let others see whether they are here. */
export async function hiddenPeople(
  deps: DomainDeps,
  userIds: readonly UserId[],
): Promise<ReadonlySet<UserId>> {
  const privacy = await privacyOf(deps, userIds);
  return new Set(userIds.filter((id) => privacy.get(id)?.showPresence === false));
}

/** Whether others may see that this person is typing. */
export async function showsTyping(deps: DomainDeps, userId: UserId): Promise<boolean> {
  return (await privacyOf(deps, [userId])).get(userId)?.showTyping ?? true;
}
