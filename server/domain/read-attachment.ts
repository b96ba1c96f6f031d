import type { AttachmentId, MessageId } from '../../protocol/ids.ts';
import { isCleanable } from '../files/clean-picture.ts';
import type { Account } from './account.ts';
import { noSuchFile, requireVisibleAttachment } from './attachment-access.ts';
import type { DomainDeps } from './deps.ts';
import { bytesOf } from './stored-bytes.ts';

/** A file to be served, by its path on this machine. */
export interface ServedFile {
  path: string;
  name: string;
  mimeType: string;
  /** Browsers may show it; anything else is only handed over. */
  isShown: boolean;
}

/** A file that the account may see, or the small picture of it. */
export async function readAttachment(
  { database, uploads }: DomainDeps,
  account: Account,
  id: AttachmentId,
  size: 'whole' | 'thumbnail',
): Promise<ServedFile> {
  const row = await requireVisibleAttachment(database.prisma, id, account.userId);
  const { name, mimeType } = row;
  const stored = bytesOf(row);
  if (size === 'whole') return { path: uploads.kept(stored), name, mimeType, isShown: isCleanable(mimeType) };
  if (!row.hasThumbnail) throw noSuchFile();
  return { path: uploads.thumbnail(stored), name: `${name}.webp`, mimeType: 'image/webp', isShown: true };
}

export interface MessageImage {
  name: string;
  mimeType: string;
  bytes: Buffer;
}

/**
 * The pictures of messages, for a model that can see, in their order. Who may see them was decided by who asks with
 * which messages: this looks at no account.
 */
export async function imagesOf(
  { database, uploads }: Pick<DomainDeps, 'database' | 'uploads'>,
  messageIds: readonly MessageId[],
): Promise<Map<MessageId, MessageImage[]>> {
  const rows = await database.prisma.attachment.findMany({
    where: { messageId: { in: [...messageIds] }, status: 'ready', width: { not: null } },
    orderBy: { place: 'asc' },
  });
  const found = new Map<MessageId, MessageImage[]>();
  for (const row of rows) {
    const { messageId, name, mimeType } = row;
    const bytes = await uploads.read(bytesOf(row));
    const key = messageId as MessageId; // written through its schema
    if (bytes) found.set(key, [...(found.get(key) ?? []), { name, mimeType, bytes }]);
  }
  return found;
}
