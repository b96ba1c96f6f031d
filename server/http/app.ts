import type { AnyRouter } from '@trpc/server';
import compression from 'compression';
import express, { type Express, type Request, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { ATTACHMENTS_PATH } from '../../protocol/attachments.ts';
import { ChatError } from '../../protocol/errors.ts';
import { PICTURES_PATH } from '../../protocol/picture.ts';
import type { TrpcContext } from '../trpc/context.ts';
import { type AttachmentDomain, createAttachments } from './attachments.ts';
import type { Auth } from './auth.ts';
import { createAuthMount } from './auth-mount.ts';
import { createClientFiles } from './client-files.ts';
import { refuseWhileDraining } from './draining.ts';
import { underAnySpelling } from './event-stream-path.ts';
import { createExportMount, type ExportDomain } from './export-mount.ts';
import { createErrorHandler, createSendFailure } from './failures.ts';
import { createOperations, type Version } from './operations.ts';
import { guardOrigin } from './origin-guard.ts';
import { createPictureMount, type ReadPicture } from './picture-mount.ts';
import { createPlainChat, type PlainChatDomain } from './plain-chat.ts';
import type { Limits } from './rate-limits.ts';
import { nameRequests } from './request-id.ts';
import { logRequests } from './request-log.ts';
import { secureHeaders } from './security-headers.ts';
import { createTrpcMount } from './trpc-mount.ts';
import { requireWellFormedUrl } from './well-formed.ts';

export interface HttpAppOptions {
  /** The origin that browsers use, without a slash at its end. */
  publicUrl: string;
  /** What the server listens on. */
  host: string;
  port: number;
  /** null: /metrics answers this machine only. */
  metricsToken: string | null;
  version: Version;
  log: Logger;
  metrics: Registry;

  auth: Auth;
  limits: Limits;
  router: AnyRouter;
  /** createRequestContext(auth) of request-context.ts; the event stream takes the same. */
  createContext(request: Request): Promise<TrpcContext>;
  /** Serves GET /trpc/events.subscribe, or passes on. */
  eventStream: RequestHandler;
  plainChat: PlainChatDomain;
  attachments: AttachmentDomain;
  exports: ExportDomain;
  readPicture: ReadPicture;

  /** null when the database answers and migrations stand; otherwise what is missing, in a sentence. */
  readiness(): Promise<string | null>;
  /** null while other nodes can be heard, or there are none. */
  busComplaint(): string | null;
  isDraining(): boolean;

  /** The built client, or what serves it while it is being written (Vite's middleware). */
  client: { dir: string } | { development: RequestHandler } | null;
  /** createPages() of pages.ts; null: nothing but the API. */
  pages: RequestHandler | null;
}

/** The whole HTTP side. Streams and procedures stand ahead of pages; the order of the lines below is the design. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { auth, limits, router, createContext, client } = options;
  const sendFailure = createSendFailure({ router, log: options.log });
  const nothingHere: RequestHandler = (request, response) => {
    sendFailure(request, response, new ChatError('NOT_FOUND', 'There is nothing here.'));
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustedProxies(options.publicUrl));
  app.use(nameRequests());
  app.use(logRequests(options));
  app.use(requireWellFormedUrl(sendFailure));
  app.use(createOperations(options));
  app.use(
    secureHeaders({ publicUrl: options.publicUrl, development: client !== null && 'development' in client }),
  );
  app.use(refuseWhileDraining(options.isDraining, sendFailure));
  app.use(guardOrigin(options, sendFailure));
  app.use('/trpc', underAnySpelling(options.eventStream));
  app.use(
    ATTACHMENTS_PATH,
    createAttachments({ domain: options.attachments, limits, createContext, sendFailure }),
  );
  app.use(
    PICTURES_PATH,
    createPictureMount({ read: options.readPicture, limits, createContext, sendFailure }),
  );
  app.use(compression({ filter: isWorthCompressing }));
  app.use('/api/auth', createAuthMount({ auth, limits, sendFailure }));
  app.use('/api/chat', createPlainChat({ domain: options.plainChat, auth, limits, sendFailure }));
  app.use('/api/export', createExportMount({ domain: options.exports, auth, limits, sendFailure }));
  app.use('/api', nothingHere);
  app.use('/trpc', createTrpcMount({ router, createContext, sendFailure }));
  if (client) app.use('dir' in client ? createClientFiles(client.dir, sendFailure) : client.development);
  app.use(options.pages ?? nothingHere);
  app.use(createErrorHandler(sendFailure));
  return app;
}

/**
 * Whose `X-Forwarded-For` tells the client's address: a proxy on this machine; and, where PUBLIC_URL is https, one on a
 * private network as well, for this server speaks plain HTTP and so stands behind one. Nobody else's, for anybody can
 * write that header.
 */
function trustedProxies(publicUrl: string): string[] {
  return publicUrl.startsWith('https:') ? ['loopback', 'linklocal', 'uniquelocal'] : ['loopback'];
}

/** Streams go out as they come: neither event streams nor tRPC's line by line answers wait for a compressor. */
const isWorthCompressing: compression.CompressionFilter = (request, response) => {
  if (/^text\/event-stream/.test(String(response.getHeader('Content-Type')))) return false;
  if (request.headers['trpc-accept'] !== undefined) return false;
  return compression.filter(request, response);
};
