import { AttachmentId } from '../../protocol/ids.ts';
import type { DomainDeps } from '../domain/deps.ts';
import { exportAccount } from '../domain/export-account.ts';
import { exportConversations } from '../domain/export-conversations.ts';
import { readPicture } from '../domain/pictures.ts';
import type { ExportDomain } from './export-mount.ts';

export function createExportDomain(domain: DomainDeps): ExportDomain {
  return {
    account: (account) => exportAccount(domain, account),
    conversations: (account) => exportConversations(domain, account),
    picture: (account, id) => readPicture(domain, account, id),
    async fileOf(id) {
      const known = AttachmentId.safeParse(id);
      return known.success && (await domain.uploads.isKept(known.data))
        ? domain.uploads.kept(known.data)
        : null;
    },
  };
}
