import { FileStore } from '@tus/file-store';
import { Metadata, Server as TusServer } from '@tus/server';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { ATTACHMENTS_PATH, BeginAttachment } from '../../protocol/attachments.ts';
import { ChatError } from '../../protocol/errors.ts';
import { AttachmentId } from '../../protocol/ids.ts';
import { limits as sizes } from '../../protocol/limits.ts';
import type { Account } from '../domain/account.ts';
import type { ServedFile } from '../domain/read-attachment.ts';
import type { TrpcContext } from '../trpc/context.ts';
import type { SendFailure } from './failures.ts';
import { forAccount } from './for-account.ts';
import type { Limits } from './rate-limits.ts';

/** What this mount asks of the product; each says NOT_FOUND of what is not the account's to see. */
export interface AttachmentDomain {
  /** Where bytes arrive. */
  incomingDir: string;
  begin(account: Account, file: BeginAttachment): Promise<number | null>;
  requireOwn(account: Account, id: AttachmentId): Promise<unknown>;
  cancel(account: Account, id: AttachmentId): Promise<void>;
  read(account: Account, id: AttachmentId, size: 'whole' | 'thumbnail'): Promise<ServedFile>;
}

export interface AttachmentsOptions {
  domain: AttachmentDomain;
  limits: Limits;
  createContext(request: Request): Promise<TrpcContext>;
  sendFailure: SendFailure;
}

/**
 * /api/attachments: bytes go up by tus 1.0.0 (creation, creation-with-upload, termination), so that an upload goes on
 * where it was cut off; and come down to whoever may see them. Mounted ahead of whatever parses bodies.
 */
export function createAttachments({ domain, limits, ...options }: AttachmentsOptions): RequestHandler {
  const { createContext, sendFailure } = options;
  const tus = new TusServer({
    path: ATTACHMENTS_PATH,
    datastore: new FileStore({ directory: domain.incomingDir }),
    relativeLocation: true,
    maxSize: sizes.attachmentBytes,
    // Nobody else's pages: what they may ask is decided by the origin guard ahead of this.
    allowedOrigins: [],
    namingFunction: (_request, metadata) => String(metadata?.id),
  });
  const ways = {
    accountOf: async (request: Request) => (await createContext(request)).account,
    limits,
    sendFailure,
  };
  const as = forAccount.bind(null, ways);

  const router = Router();
  router.post(
    '/',
    as('write', async (account, request, response) => {
      const file = announced(request);
      const arrived = await domain.begin(account, file);
      if (arrived !== null) {
        response.setHeader('Upload-Offset', String(arrived));
        // Without it, whoever asks takes this for the word of somebody between us.
        response.setHeader('Tus-Resumable', '1.0.0');
        throw new ChatError('CONFLICT', 'This upload was begun before. Ask with HEAD how far it came.');
      }
      await tus.handle(request, response);
    }),
  );
  router.head('/:id', as('read', ownBytes));
  router.patch('/:id', as('write', ownBytes));
  router.delete(
    '/:id',
    as('write', async (account, request, response) => {
      await domain.cancel(account, idOf(request));
      response.status(204).end();
    }),
  );
  router.get(
    '/:id',
    as('read', (account, request, response) => serve(account, request, response, 'whole')),
  );
  router.get(
    '/:id/thumbnail',
    as('read', (account, request, response) => serve(account, request, response, 'thumbnail')),
  );
  return router;

  async function ownBytes(account: Account, request: Request, response: Response): Promise<void> {
    await domain.requireOwn(account, idOf(request));
    await tus.handle(request, response);
  }

  async function serve(
    account: Account,
    request: Request,
    response: Response,
    size: 'whole' | 'thumbnail',
  ): Promise<void> {
    const file = await domain.read(account, idOf(request), size);
    sendFile(response, file, (error) => sendFailure(request, response, error));
  }
}

/**
 * Whatever a file says that it is, no browser runs it here: pictures that were packed anew are shown, everything else
 * is handed over as bytes. Nothing is cached on the way, for the next one on this device may be somebody else.
 */
function sendFile(response: Response, file: ServedFile, onError: (error: unknown) => void): void {
  const kind = file.isShown ? 'inline' : 'attachment';
  const plain = file.name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  response.setHeader('Content-Type', file.isShown ? file.mimeType : 'application/octet-stream');
  response.setHeader(
    'Content-Disposition',
    `${kind}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, hex)}`,
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.setHeader('Cache-Control', 'private, no-store');
  const options = { cacheControl: false, etag: false, lastModified: false, dotfiles: 'allow' } as const;
  response.sendFile(file.path, options, (error?: NodeJS.ErrnoException) => {
    // Whoever hangs up in the middle needs no answer.
    if (!error || response.headersSent) return;
    for (const name of ['Content-Type', 'Content-Disposition']) response.removeHeader(name);
    onError(error.code === 'ENOENT' ? gone() : error);
  });
}

const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const gone = () => new ChatError('NOT_FOUND', 'The bytes of this file are not here any more.');

function idOf(request: Request): AttachmentId {
  const id = AttachmentId.safeParse(request.params.id);
  if (!id.success) throw new ChatError('NOT_FOUND', 'There is no such file, or you cannot see it.');
  return id.data;
}

/** What a creation says of its file; ZodError where it says it wrongly. */
function announced(request: Request): BeginAttachment {
  const length = z.coerce.number().catch(Number.NaN).parse(request.headers['upload-length']);
  const metadata = parseMetadata(String(request.headers['upload-metadata'] ?? ''));
  const { id, sessionId, name, type } = metadata;
  return BeginAttachment.parse({ id, sessionId, name, type: type ?? undefined, bytes: length });
}

function parseMetadata(header: string): Record<string, string | null> {
  try {
    return header === '' ? {} : (Metadata.parse(header) ?? {});
  } catch {
    throw new ChatError('INVALID_INPUT', 'Upload-Metadata is not as tus 1.0.0 writes it.');
  }
}
