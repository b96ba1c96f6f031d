import { ChatError } from '../../protocol/errors.ts';
import type { PictureId, SessionId, UserId } from '../../protocol/ids.ts';
import type { NewPicture } from '../../protocol/picture.ts';
import { toSquare } from '../files/square-picture.ts';
import type { Change } from '../log/change.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { idReused } from './once.ts';

/** A picture as it is kept. */
export interface SquarePicture {
  id: PictureId;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Looks at what came up, one at a time, before anybody else's write has to wait for it. */
export function squarePicture(deps: DomainDeps, { id, data }: NewPicture): Promise<SquarePicture> {
  return deps.fileQueue(async () => ({
    id,
    bytes: new Uint8Array(await toSquare(Buffer.from(data, 'base64'))),
  }));
}

/** Puts a picture in the place of the one before it; null leaves none. Whoever shows it is told by the caller. */
export async function keepPicture(
  { tx, now }: Change,
  of: { userId: UserId } | { sessionId: SessionId },
  picture: SquarePicture | null,
): Promise<void> {
  await tx.picture.deleteMany({ where: of });
  if (picture && (await tx.picture.findUnique({ where: { id: picture.id }, select: { id: true } })))
    throw idReused();
  if (picture) await tx.picture.create({ data: { ...of, ...picture, createdAt: now } });
  const data = { pictureId: picture?.id ?? null };
  if ('userId' in of) await tx.user.update({ where: { id: of.userId }, data });
  else await tx.chatSession.update({ where: { id: of.sessionId }, data });
}

/** The bytes of a picture: one's own, of somebody whom one shares a conversation with, or of a group that one is in. */
export async function readPicture(
  { database }: DomainDeps,
  { userId }: Account,
  id: PictureId,
): Promise<Uint8Array> {
  const { prisma } = database;
  const row = await prisma.picture.findUnique({ where: { id } });
  const present = { userId, leftPos: null };
  const isVisible =
    row !== null &&
    (row.userId === userId ||
      (await prisma.chatMember.findFirst({
        where: row.sessionId
          ? { ...present, sessionId: row.sessionId }
          : { ...present, session: { members: { some: { userId: row.userId ?? '', leftPos: null } } } },
        select: { sessionId: true },
      })) !== null);
  if (!row || !isVisible) throw new ChatError('NOT_FOUND', 'There is no such picture, or you cannot see it.');
  return row.bytes;
}
