import type { SessionId, UserId } from '../../protocol/ids.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { Me, Settings } from '../../protocol/shapes.ts';
import { withSettings } from '../../protocol/with-settings.ts';
import type { Change } from '../log/change.ts';
import type { Prisma } from '../store/prisma-types.ts';
import { type Account, accountGone } from './account.ts';
import { announceMembers } from './announce-members.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { once } from './once.ts';
import { keepPicture, squarePicture } from './pictures.ts';

const meParts = {
  blocked: {
    orderBy: [{ createdAt: 'asc' }, { blockedId: 'asc' }],
    select: { blocked: { select: { id: true, name: true } } },
  },
} as const satisfies Prisma.UserInclude;

type UserRow = Prisma.UserGetPayload<{ include: typeof meParts }>;

function toMe(row: UserRow): Me {
  return Me.parse({
    id: row.id,
    name: row.name,
    email: row.isAnonymous ? null : row.email,
    isGuest: row.isAnonymous,
    role: row.role,
    picture: row.pictureId,
    settings: Settings.parse(row.settings ?? {}),
    blocked: row.blocked.map(({ blocked }) => ({ userId: blocked.id, name: blocked.name })),
  });
}

export async function getMe(reader: Reader, userId: UserId): Promise<Me> {
  const row = await reader.user.findUnique({ where: { id: userId, deletedAt: null }, include: meParts });
  if (!row) throw accountGone();
  return toMe(row);
}

/**
 * Changes one's name, picture and settings; every device of one's own is told, and every conversation of a new name or
 * picture.
 */
export async function updateMe(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'me.update'>,
): Promise<Me & { duplicate: boolean }> {
  const { name, settings, mutationId } = input;
  const picture = input.picture && (await squarePicture(deps, input.picture));
  const verb = async (change: Change) => {
    const before = await getMe(change.tx, account.userId);
    const merged = withSettings(before.settings, settings);
    const renamed = name !== undefined && name !== before.name;
    await change.tx.user.update({
      where: { id: account.userId },
      data: { settings: merged, ...(renamed ? { name } : {}) },
    });
    if (picture !== undefined) await keepPicture(change, { userId: account.userId }, picture);
    if (renamed || picture !== undefined) await announceName(change, account.userId);
    return announceMe(change, account.userId);
  };
  if (mutationId === undefined) return { ...(await deps.log.change(verb)), duplicate: false };
  const first = await once(deps.log, account, 'me.update', { ...input, mutationId }, verb);
  // Earlier versions kept no result of these: of such a write there is only what is true now.
  const me = Me.safeParse(first);
  const { duplicate } = first;
  return { ...(me.data ?? (await getMe(deps.database.prisma, account.userId))), duplicate };
}

/** Tells everyone after sign-up gave a guest a name and an e-mail address. */
export function announceUpgrade(deps: DomainDeps, userId: UserId): Promise<Me> {
  return deps.log.change(async (change) => {
    await announceName(change, userId);
    return announceMe(change, userId);
  });
}

/** Tells every device of one account what it is now. */
export async function announceMe(change: Change, userId: UserId): Promise<Me> {
  const me = await getMe(change.tx, userId);
  const statePos = change.stamp({ userId }, { type: 'me.updated', me });
  // Whole, so that a replay from the row says what is said here.
  await change.tx.user.update({ where: { id: userId }, data: { statePos, settings: me.settings } });
  return me;
}

/** Tells every conversation of a new name or picture, and those whose list of blocked people shows the name. */
export async function announceName(change: Change, userId: UserId): Promise<void> {
  const memberships = await change.tx.chatMember.findMany({ where: { userId, leftPos: null } });
  for (const { sessionId: id } of memberships) {
    const sessionId = id as SessionId; // written through its schema
    await announceMembers(change, sessionId);
  }
  const blockers = await change.tx.block.findMany({
    where: { blockedId: userId },
    select: { blockerId: true },
  });
  for (const { blockerId } of blockers) await announceMe(change, blockerId as UserId); // an account's id
}

/** Somebody registered, by their exact e-mail address; null when there is nobody (guests have none). */
export async function findPerson(
  deps: DomainDeps,
  email: string,
): Promise<{ userId: UserId; name: string } | null> {
  const row = await deps.database.prisma.user.findFirst({
    where: { email: { equals: email.trim().toLowerCase() }, isAnonymous: false, accounts: { some: {} } },
  });
  return row ? { userId: row.id as UserId, name: row.name } : null; // ids of accounts are minted as such
}
