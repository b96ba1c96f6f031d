import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

/**
 * Remix's client build. What carries a hash in its name is kept for ever; whatever keeps its name (the service worker,
 * the manifest, icons) is asked for anew each time, and answered by 304 when it is the same.
 */
export function createClientFiles(clientDir: string, sendFailure: SendFailure): RequestHandler {
  const router = Router();
  const common = { index: false, redirect: false, dotfiles: 'ignore' } as const;
  router.use(
    '/assets',
    express.static(join(clientDir, 'assets'), { ...common, immutable: true, maxAge: '1y' }),
  );
  // A page that was replaced asks for chunks that are gone: no HTML for them.
  router.use('/assets', (request, response) => {
    sendFailure(
      request,
      response,
      new ChatError('NOT_FOUND', 'There is no such file, or no longer. Reload the page.'),
    );
  });
  router.use(
    express.static(clientDir, {
      ...common,
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  return router;
}
