import { requireOwnAttachment } from '../domain/attachment-access.ts';
import { beginAttachment, cancelAttachment } from '../domain/begin-attachment.ts';
import type { DomainDeps } from '../domain/deps.ts';
import { readAttachment } from '../domain/read-attachment.ts';
import type { AttachmentDomain } from './attachments.ts';

/** The mount's view of the product. */
export function createAttachmentDomain(domain: DomainDeps): AttachmentDomain {
  return {
    incomingDir: domain.uploads.incomingDir,
    begin: (account, file) => beginAttachment(domain, account, file),
    requireOwn: (account, id) => requireOwnAttachment(domain.database.prisma, id, account.userId),
    cancel: (account, id) => cancelAttachment(domain, account, id),
    read: (account, id, size) => readAttachment(domain, account, id, size),
  };
}
