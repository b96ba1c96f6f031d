import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { ZipFile } from 'yazl';
import type { PictureId } from '../../protocol/ids.ts';
import type { Account } from '../domain/account.ts';
import type { ExportedAccount } from '../domain/export-account.ts';
import type { ExportedConversation } from '../domain/export-conversations.ts';
import type { Auth } from './auth.ts';
import { conversationPage, indexPage, type Listed } from './export-page.ts';
import type { SendFailure } from './failures.ts';
import { forAccount } from './for-account.ts';
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
  const accountOf = (request: Request) => auth.accountOf(request.headers);
  router.get(
    '/',
    forAccount({ accountOf, limits, sendFailure }, 'export', async (account, _request, response) => {
      const about = await domain.account(account);
      const day = about.exportedAt.slice(0, 10);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Content-Type', 'application/zip');
      response.setHeader('Content-Disposition', `attachment; filename="j-star-chat-${day}.zip"`);
      const zip = new ZipFile();
      // A failure on the way breaks the download off: half an archive must not look whole. So does a file that vanished
      // between looking and reading.
      zip.on('error', (error: Error) => response.destroy(error));
      const filled = fill(zip, domain, account, about, response).catch((error: unknown) => {
        response.destroy();
        throw error;
      });
      await Promise.all([pipeline(zip.outputStream, response), filled]).catch((error: unknown) => {
        if (!isCutOff(error)) throw error;
      });
    }),
  );
  return router;
}

/** The person has gone, or closed the page. */
const isCutOff = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_STREAM_');

/** Resolves once all so far has gone out, or nobody is there any more. */
async function taken(response: Response): Promise<void> {
  while (response.writableNeedDrain && !response.destroyed)
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
}

/** One conversation at a time, as fast as they are taken: memory holds few, however many there are. */
async function fill(
  zip: ZipFile,
  domain: ExportDomain,
  account: Account,
  about: ExportedAccount,
  response: Response,
): Promise<void> {
  const add = (name: string, content: string) => zip.addBuffer(Buffer.from(content), name);
  const listed: Listed[] = [];
  for await (const conversation of domain.conversations(account)) {
    await taken(response);
    if (response.destroyed) return;
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
