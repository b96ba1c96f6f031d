import type { Request, Response } from 'express';
import { type Account, notSignedIn } from '../domain/account.ts';
import type { SendFailure } from './failures.ts';
import type { LimitKind, Limits } from './rate-limits.ts';

export interface ForAccountOptions {
  /** Null when nobody is signed in. */
  accountOf(request: Request): Promise<Account | null>;
  limits: Limits;
  sendFailure: SendFailure;
}

/**
 * What is answered for whoever is signed in, and counted against their share of `kind`. Everything that is thrown on the
 * way is told as a failure: UNAUTHENTICATED, RATE_LIMITED, and whatever `handle` throws.
 */
export function forAccount(
  { accountOf, limits, sendFailure }: ForAccountOptions,
  kind: LimitKind,
  handle: (account: Account, request: Request, response: Response) => Promise<void>,
): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    try {
      const account = await accountOf(request);
      if (!account) throw notSignedIn();
      // For the line that the log gets.
      response.locals.person = account.userId;
      await limits.consume(kind, account.userId);
      await handle(account, request, response);
    } catch (error) {
      sendFailure(request, response, error);
    }
  };
}
