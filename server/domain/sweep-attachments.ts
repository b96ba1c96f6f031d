import type { AttachmentId } from '../../protocol/ids.ts';
import type { DomainDeps } from './deps.ts';
import { neededBytes } from './stored-bytes.ts';

/** How long a file may wait for the rest of its bytes, or for its message. Milliseconds. */
const WAITS_MS = 3 * 24 * 3_600_000;

/**
 * Clears away what no message took along, and bytes whose row is gone (deleted with its message, or with the account
 * that had it). A device that comes back later with the rest begins anew, under the same id.
 * @returns how many files went
 */
export async function sweepAttachments({ database, uploads }: DomainDeps, now = new Date()): Promise<number> {
  const { prisma } = database;
  const before = new Date(now.getTime() - WAITS_MS);
  const orphans = await prisma.attachment.findMany({
    where: {
      messageId: null,
      createdAt: { lt: before },
      OR: [{ readyAt: null }, { readyAt: { lt: before } }],
    },
    select: { id: true },
  });
  const forgotten = orphans.map(({ id }) => id as AttachmentId); // written through its schema
  await prisma.attachment.deleteMany({ where: { id: { in: forgotten }, messageId: null } });

  const present = [...(await uploads.list())] as AttachmentId[]; // named after rows; an odd name has none
  const known = await neededBytes({ database }, present);
  // A row is written before its first byte, so that bytes without one belong to nobody.
  const gone = present.filter((id) => !known.has(id));
  await uploads.remove(gone);
  return new Set([...gone, ...forgotten]).size;
}
