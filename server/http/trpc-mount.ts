import type { AnyRouter } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { type Request, type RequestHandler, Router } from 'express';
import { limits as sizes } from '../../protocol/limits.ts';
import type { TrpcContext } from '../trpc/context.ts';
import { readSizedText } from './body-sizes.ts';
import { retryAfterSeconds, type SendFailure } from './failures.ts';
import { requirePlainJson } from './json-shape.ts';
import { requireJson } from './origin-guard.ts';

export interface TrpcMountOptions {
  router: AnyRouter;
  createContext(request: Request): Promise<TrpcContext>;
  sendFailure: SendFailure;
}

/** /trpc/*: JSON bodies of a limited size, then tRPC's own adapter. The event stream is mounted before it. */
export function createTrpcMount({ router, createContext, sendFailure }: TrpcMountOptions): RequestHandler {
  const mount = Router();
  mount.use(requireJson(sendFailure));
  mount.use(readSizedText);
  mount.use(requirePlainJson(sendFailure));
  mount.use(
    createExpressMiddleware({
      router,
      maxBatchSize: sizes.outboxPushMutations,
      createContext: ({ req }) => createContext(req),
      responseMeta({ errors }) {
        const headers = new Headers({ 'Cache-Control': 'no-store' });
        for (const { cause } of errors) {
          const seconds = retryAfterSeconds(cause);
          if (seconds !== null) headers.set('Retry-After', seconds);
        }
        return { headers };
      },
    }),
  );
  return mount;
}
