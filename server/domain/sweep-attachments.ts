import type { AttachmentId } from '../../protocol/ids.ts';
import { goneBytesSql, strangeBytesSql } from '../store/attachment-sql.ts';
import type { DomainDeps } from './deps.ts';

/** How long a file may wait for the rest of its bytes, or for its message. Milliseconds. */
const WAITS_MS = 3 * 24 * 3_600_000;

/**
 * Clears away what no message took along, and bytes whose row was deleted (with its message, or with the account that
 * had it). A device that comes back later with the rest begins anew, under the same id. Bytes that this database knows
 * nothing of stay: they are another's, where DATABASE_URL or DATA_DIR is wrong, or of what came after a backup.
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

  const present = [...(await uploads.list())];
  const gone = (await goneBytesSql(database.pool, present)) as AttachmentId[]; // written through its schema
  await uploads.remove(gone);
  return new Set([...gone, ...forgotten]).size;
}

/** How many files lie here of which the database knows nothing. */
export async function countStrangeFiles({
  database,
  uploads,
}: Pick<DomainDeps, 'database' | 'uploads'>): Promise<number> {
  // Listed first: a row is written before its first byte.
  return strangeBytesSql(database.pool, [...(await uploads.list())]);
}
