import type { BeginAttachment } from '../../protocol/attachments.ts';
import { ChatError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import { requireOwnAttachment } from './attachment-access.ts';
import type { DomainDeps, Reader } from './deps.ts';
import { idReused } from './once.ts';

/**
 * Makes room for a file that is about to be uploaded. Saying the same again changes nothing, also after its bytes were
 * swept away; the same id for another file is ID_REUSED.
 * @returns how many of its bytes are here; null when its upload is to be begun (again)
 */
export async function beginAttachment(
  deps: DomainDeps,
  account: Account,
  file: BeginAttachment,
): Promise<number | null> {
  const { prisma } = deps.database;
  await requireMember(prisma, file.sessionId, account.userId);
  requireSize(file);
  const same = {
    ownerId: account.userId,
    sessionId: file.sessionId as string,
    name: file.name,
    declaredType: file.type,
    announced: file.bytes,
  };
  const held = await prisma.attachment.findUnique({ where: { id: file.id } });
  if (held) {
    for (const [key, value] of Object.entries(same))
      if (held[key as keyof typeof same] !== value) throw idReused();
    if (held.status !== 'uploading') return held.announced;
    return deps.uploads.goesOnFrom(file.id);
  }
  await requireRoom(prisma, account, file.bytes);
  await prisma.attachment.create({ data: { id: file.id, bytes: file.bytes, ...same } });
  return null;
}

/** Gives up a file that no message has taken along; one that was never there is given up already. */
export async function cancelAttachment(
  deps: DomainDeps,
  account: Account,
  id: BeginAttachment['id'],
): Promise<void> {
  const { prisma } = deps.database;
  await requireOwnAttachment(prisma, id, account.userId);
  const { count } = await prisma.attachment.deleteMany({ where: { id, messageId: null } });
  if (count === 0) throw new ChatError('CONFLICT', 'This file was sent. Delete its message instead.');
  await deps.uploads.remove([id]);
}

function requireSize({ name, bytes }: BeginAttachment): void {
  if (bytes <= limits.attachmentBytes) return;
  throw new ChatError(
    'TOO_LARGE',
    `“${name}” has ${megabytes(bytes)}; a file may have up to ${megabytes(limits.attachmentBytes)}. Make it smaller or share a link to it.`,
  );
}

/** Whoever forwards a file has it too: it counts for them, although its bytes are there only once. */
export async function requireRoom(
  reader: Reader,
  { userId }: Pick<Account, 'userId'>,
  bytes: number,
): Promise<void> {
  const { _sum } = await reader.attachment.aggregate({
    where: { ownerId: userId },
    _sum: { bytes: true },
  });
  const taken = _sum.bytes ?? 0;
  if (taken + bytes <= limits.attachmentBytesPerPerson) return;
  throw new ChatError(
    'TOO_LARGE',
    `Your files take ${megabytes(taken)} of the ${megabytes(limits.attachmentBytesPerPerson)} that everybody has here. Delete messages with files that you no longer need, then send this one.`,
  );
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`;
