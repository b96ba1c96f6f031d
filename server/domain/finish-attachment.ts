import { ChatError, Failure } from '../../protocol/errors.ts';
import type { AttachmentId } from '../../protocol/ids.ts';
import type { Attachment } from '../../protocol/shapes.ts';
import { cleanPicture, isCleanable } from '../files/clean-picture.ts';
import { detectType } from '../files/detect-type.ts';
import { digestOfFile, sizeOf } from '../files/upload-files.ts';
import { exclusively } from '../store/exclusively.ts';
import type { Account } from './account.ts';
import { type AttachmentRow, requireOwnAttachment, toAttachment } from './attachment-access.ts';
import type { DomainDeps } from './deps.ts';

/**
 * Looks at a file whose bytes are all here and makes it ready to be sent: its type by its bytes, pictures packed anew,
 * its digest. Asking again gets the same answer, a refusal too.
 */
export async function finishAttachment(
  deps: DomainDeps,
  account: Account,
  id: AttachmentId,
): Promise<Attachment> {
  const { prisma } = deps.database;
  await requireOwnAttachment(prisma, id, account.userId);
  return deps.fileQueue(async () => {
    // A retry may reach another node while the first one is still at it: both would move the same bytes.
    const done = await exclusively(deps.database, `attachment ${id}`, () => finish(deps, account, id));
    if (!done) throw new ChatError('UNAVAILABLE', 'This file is being looked at. Try again in a moment.');
    return done;
  });
}

async function finish(deps: DomainDeps, account: Account, id: AttachmentId): Promise<Attachment> {
  const { prisma } = deps.database;
  // Read again: who asked at the same time has had it done.
  const row = await requireOwnAttachment(prisma, id, account.userId);
  if (row.status === 'ready') return toAttachment(row);
  if (row.status === 'refused') throw refusalOf(row);
  if ((await deps.uploads.arrived(id)) !== row.announced) {
    throw new ChatError('CONFLICT', 'This file is not all here yet. Its upload goes on where it stopped.');
  }
  try {
    const found = await look(deps, row);
    const ready = await prisma.attachment.update({
      where: { id },
      data: { ...found, status: 'ready', readyAt: new Date() },
    });
    await deps.uploads.forgetIncoming(id);
    return toAttachment(ready);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    await prisma.attachment.update({
      where: { id },
      data: { status: 'refused', refusal: JSON.parse(JSON.stringify(error.toFailure())), bytes: 0 },
    });
    await deps.uploads.remove([id]);
    throw error;
  }
}

/** Everything is read from a copy that nobody writes into: what was looked at is what is handed out. */
async function look({ uploads }: DomainDeps, row: AttachmentRow) {
  const id = row.id as AttachmentId; // written through its schema
  const arrived = await uploads.setAside(id);
  const mimeType = await detectType(arrived, row);
  if (isCleanable(mimeType)) {
    const picture = await cleanPicture(arrived, mimeType, row.name);
    await uploads.write(uploads.kept(id), picture.bytes);
    await uploads.write(uploads.thumbnail(id), picture.thumbnail);
    await uploads.dropAside(id);
    const { width, height, preview } = picture;
    const kept = { bytes: picture.bytes.length, sha256: await digestOfFile(uploads.kept(id)) };
    return { mimeType, width, height, preview, hasThumbnail: true, ...kept };
  }
  await uploads.keepAside(id);
  const [bytes, sha256] = [await sizeOf(uploads.kept(id)), await digestOfFile(uploads.kept(id))];
  return { mimeType, bytes: bytes ?? row.announced, sha256 };
}

function refusalOf(row: AttachmentRow): ChatError {
  const failure = Failure.safeParse(row.refusal);
  if (!failure.success) return new ChatError('INVALID_INPUT', `“${row.name}” was refused.`);
  return new ChatError(failure.data.reason, failure.data.message);
}
