import { toNodeHandler } from 'better-auth/node';
import express, { type Request, Router } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { Auth } from './auth.ts';
import type { SendFailure } from './failures.ts';
import { FewAtATime } from './few-at-a-time.ts';
import { requireJson } from './origin-guard.ts';
import type { Limits } from './rate-limits.ts';

/** Paths under /api/auth that are served; the rest of better-auth is not part of the product. */
const served = new Set([
  'GET /get-session',
  'GET /list-sessions',
  'POST /sign-in/anonymous',
  'POST /sign-in/email',
  'POST /sign-up/email',
  'POST /sign-out',
  'POST /change-password',
  'POST /revoke-session',
  'POST /revoke-sessions',
  'POST /revoke-other-sessions',
]);

/** Each hashes a password: a tenth of a second and 32 MB, of which nobody else may notice. */
const hashing = new Set(['/sign-in/email', '/sign-up/email', '/change-password']);
/**
 * Node has four threads for hashes, and for the signatures of everybody's cookies; and whoever signs up holds a
 * connection to the database meanwhile.
 */
const HASHES = { atOnce: 2, waitingAtMost: 300 };

export interface AuthMountOptions {
  auth: Auth;
  limits: Limits;
  sendFailure: SendFailure;
}

/** /api/auth/*: better-auth behind our limits, with our failures. Mounted after the origin guard. */
export function createAuthMount({ auth, limits, sendFailure }: AuthMountOptions): Router {
  const router = Router();
  const hashes = new FewAtATime(HASHES, 'Many people are signing in right now. Try again in a moment.');
  router.use((request, _response, next) => {
    // A script may well post nothing at all.
    request.headers['content-type'] ||= 'application/json';
    next();
  });
  router.use(requireJson(sendFailure));
  router.use(express.json({ limit: '64kb', type: () => true }));
  router.use(async (request, response) => {
    try {
      if (!served.has(`${request.method} ${request.path}`)) {
        throw new ChatError(
          'NOT_FOUND',
          'There is nothing here. Paths under /api/auth are spelled as in the documentation.',
        );
      }
      await limit(limits, request);
      // better-auth would build its URL with it; PUBLIC_URL says what there is to know.
      delete request.headers['x-forwarded-proto'];
      // The cookie of an auth session that has ended would be taken away by the very answer that brings the new one.
      const isEntering = request.path.startsWith('/sign-in/') || request.path.startsWith('/sign-up/');
      if (isEntering && !(await auth.accountOf(request.headers))) delete request.headers.cookie;
      if (!hashing.has(request.path)) await handle(request, response);
      else
        await hashes.run(async () => {
          // Whoever went while waiting is owed no hash.
          if (!response.destroyed) await handle(request, response);
        });
    } catch (error) {
      sendFailure(request, response, error);
    }
  });

  const handle = toNodeHandler(async (request: globalThis.Request) => {
    const response = await auth.handler(request);
    if (response.status < 500) return response;
    // It was logged where it happened.
    const failure = new ChatError(
      'UNAVAILABLE',
      'Signing in does not work right now. Try again in a moment.',
    ).toFailure();
    return Response.json(
      { code: failure.reason, ...failure },
      { status: 503, headers: { 'Cache-Control': 'no-store' } },
    );
  });
  return router;
}

async function limit(limits: Limits, request: Request): Promise<void> {
  const ip = request.ip ?? '';
  switch (request.path) {
    case '/sign-in/anonymous':
      return limits.consume('guest', ip);
    case '/sign-up/email':
      return limits.consume('signUp', ip);
    case '/sign-in/email':
      await limits.consume('signInFromAddress', ip);
      return limits
        .consume('signIn', `${ip} ${String(request.body?.email).toLowerCase().slice(0, 254)}`)
        .catch(async (refusal) => {
          // No password was looked at: one device that tries on and on takes nothing from a campus behind one address.
          await limits.giveBack('signInFromAddress', ip);
          throw refusal;
        });
    case '/change-password':
      return limits.consume('signInFromAddress', ip);
  }
}
