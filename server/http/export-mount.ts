import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { ZipFile } from 'yazl';
import { ChatError } from '../../protocol/errors.ts';
import type { PictureId } from '../../protocol/ids.ts';
import type { Account } from '../domain/account.ts';
import type { ExportedAccount } from '../domain/export-account.ts';
import type { ExportedConversation } from '../domain/export-conversations.ts';
import type { Auth } from './auth.ts';
import { conversationPage, indexPage, type Listed } from './export-page.ts';
import type { SendFailure } from './failures.ts';
import type { Limits } from './rate-limits.ts';

export interface ExportDomain {
  account(account: Account): Promise<ExportedAccount>;
  conversations(account: Account): AsyncIterable<ExportedConversation>;
  picture(account: Account, id: PictureId): Promise<Uint8Array>;
  /** Where the bytes of a file lie on this machine; null when they are not there. */
  fileOf(id: string): Promise<string | null>;
}

export interface ExportMountOptions {
  domain: ExportDomain;
  auth: Pick<Auth, 'accountOf'>;
  limits: Limits;
  sendFailure: SendFailure;
}

/** GET /api/export: everything that is kept of the asking account, as a zip of JSON and of pages to read. */
export function createExportMount({ domain, auth, limits, sendFailure }: ExportMountOptions): Router {
  const router = Router();
  router.get('/', async (request: Request, response: Response) => {
    try {
      const account = await auth.accountOf(request.headers);
      if (!account) {
        throw new ChatError('UNAUTHENTICATED', 'You are not signed in, or no longer. Sign in and try again.');
      }
      await limits.consume('export', account.userId);
      const about = await domain.account(account);
      const day = about.exportedAt.slice(0, 10);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Type', 'application/zip');
      response.setHeader('Content-Disposition', `attachment; filename="j-star-chat-${day}.zip"`);
      const zip = new ZipFile();
      // A failure on the way breaks the download off: half an archive must not look whole.
      // As below, for a file that vanished between looking and reading.
      zip.on('error', (error: Error) => response.destroy(error));
      const failed = fill(zip, domain, account, about).catch((error: Error) => {
        response.destroy();
        throw error;
      });
      await Promise.all([pipeline(zip.outputStream, response), failed]);
    } catch (error) {
      // The person has gone, or closed the page.
      if (response.destroyed && error instanceof Error && 'code' in error) return;
      sendFailure(request, response, error);
    }
  });
  return router;
}

/** One conversation at a time, so that memory holds no more than one. */
async function fill(
  zip: ZipFile,
  domain: ExportDomain,
  account: Account,
  about: ExportedAccount,
): Promise<void> {
  const add = (name: string, content: string) => zip.addBuffer(Buffer.from(content), name);
  const listed: Listed[] = [];
  for await (const conversation of domain.conversations(account)) {
    const { id, title } = conversation.session;
    const path = `conversations/${id}`;
    add(`${path}.json`, `${JSON.stringify(conversation, null, 2)}\n`);
    add(`${path}.html`, conversationPage(conversation));
    listed.push({ title, href: `${path}.html`, messages: conversation.messages.length });
    for (const { id: fileId, name } of conversation.messages.flatMap((message) => message.attachments)) {
      const bytes = await domain.fileOf(fileId);
      if (bytes) zip.addFile(bytes, `attachments/${fileId}-${safeName(name)}`, { compress: false });
    }
  }
  const { picture } = about.me;
  if (picture) zip.addBuffer(Buffer.from(await domain.picture(account, picture)), 'picture.webp');
  add('account.json', `${JSON.stringify(about, null, 2)}\n`);
  add('index.html', indexPage(about, listed));
  zip.end();
}

/** A name that unpacks into the folder that it stands in, on any system. */
function safeName(name: string): string {
  return name
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(-120);
}
