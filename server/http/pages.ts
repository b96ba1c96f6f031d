import { createRequestHandler } from '@remix-run/express';
import type { AppLoadContext, ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';
import type { SignedInAccount } from './account-cache.ts';
import type { Auth } from './auth.ts';
import { requestIdOf } from './request-id.ts';

/** What loaders and entry.server find in Remix's load context. */
export interface PageContext {
  /** For every inline script of this page; see security-headers.ts. */
  cspNonce: string;
  /** Null when nobody is signed in. */
  account: SignedInAccount | null;
  requestId: string;
  publicUrl: string;
}

declare module '@remix-run/node' {
  interface AppLoadContext extends PageContext {}
}

export interface PagesOptions {
  /** A function in development, where it changes. */
  build: ServerBuild | (() => Promise<ServerBuild>);
  mode: 'production' | 'development';
  auth: Pick<Auth, 'accountOf'>;
  publicUrl: string;
}

/** Everything that is a page: Remix. */
export function createPages({ build, mode, auth, publicUrl }: PagesOptions): RequestHandler {
  const handle = createRequestHandler({
    build,
    mode,
    async getLoadContext(request, response): Promise<AppLoadContext> {
      return {
        cspNonce: String(response.locals.cspNonce),
        account: await auth.accountOf(request.headers),
        requestId: requestIdOf(request),
        publicUrl,
      };
    },
  });
  return (request, response, next) => {
    // No cached page holds a person's data.
    response.setHeader('Cache-Control', 'no-cache, private');
    return handle(request, response, next);
  };
}
