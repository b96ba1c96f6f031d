import type { DomainDeps } from '../domain/deps.ts';
import { exportAccount } from '../domain/export-account.ts';
import { exportConversations } from '../domain/export-conversations.ts';
import { readPicture } from '../domain/pictures.ts';
import { bytesOf } from '../domain/stored-bytes.ts';
import type { ExportDomain } from './export-mount.ts';

export function createExportDomain(domain: DomainDeps): ExportDomain {
  return {
    account: (account) => exportAccount(domain, account),
    conversations: (account) => exportConversations(domain, account),
    picture: (account, id) => readPicture(domain, account, id),
    async fileOf(id) {
      const row = await domain.database.prisma.attachment.findUnique({ where: { id } });
      const bytes = row && bytesOf(row);
      return bytes && (await domain.uploads.isKept(bytes)) ? domain.uploads.kept(bytes) : null;
    },
  };
}
