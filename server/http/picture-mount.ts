import { type Request, type RequestHandler, Router } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import { PictureId } from '../../protocol/ids.ts';
import type { Account } from '../domain/account.ts';
import type { TrpcContext } from '../trpc/context.ts';
import type { SendFailure } from './failures.ts';
import { forAccount } from './for-account.ts';
import type { Limits } from './rate-limits.ts';

/** NOT_FOUND for what is not the account's to see. */
export type ReadPicture = (account: Account, id: PictureId) => Promise<Uint8Array>;

export interface PictureMountOptions {
  read: ReadPicture;
  limits: Limits;
  createContext(request: Request): Promise<TrpcContext>;
  sendFailure: SendFailure;
}

/** GET /api/pictures/:id: the picture of a person or a group. Kept by the device itself, and by nobody on the way. */
export function createPictureMount(options: PictureMountOptions): RequestHandler {
  const { read, limits, createContext, sendFailure } = options;
  const router = Router();
  const accountOf = async (request: Request) => (await createContext(request)).account;
  router.get(
    '/:id',
    forAccount({ accountOf, limits, sendFailure }, 'read', async (account, request, response) => {
      const id = PictureId.safeParse(request.params.id);
      if (!id.success) throw new ChatError('NOT_FOUND', 'There is no such picture, or you cannot see it.');
      const bytes = await read(account, id.data);
      response.setHeader('Content-Type', 'image/webp');
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
      response.setHeader('Cache-Control', 'private, no-store');
      response.end(bytes);
    }),
  );
  return router;
}
