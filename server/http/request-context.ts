import type { Request } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { TrpcContext } from '../trpc/context.ts';
import { toTrpcError } from '../trpc/error-shape.ts';
import type { Auth } from './auth.ts';
import { requestIdOf } from './request-id.ts';

/** What a procedure knows of its request; for tRPC's adapter and for the event stream alike. */
export function createRequestContext(
  auth: Pick<Auth, 'accountOf'>,
): (request: Request) => Promise<TrpcContext> {
  return async (request) => {
    try {
      const signedIn = await auth.accountOf(request.headers);
      // Another account signed in beside this device's: what it stored must not go out, nor come in, as theirs.
      const meant = accountMeant(request);
      const account = meant !== null && meant !== signedIn?.userId ? null : signedIn;
      if (account && request.res) request.res.locals.person = account.userId;
      return { account, requestId: requestIdOf(request), ip: request.ip ?? '' };
    } catch (error) {
      throw error instanceof ChatError ? toTrpcError(error) : error;
    }
  };
}

/** The account that a device says it speaks for (invariant 25): in a header, or beside the input of an event stream. */
function accountMeant(request: Request): string | null {
  const header = request.headers['x-account'];
  if (typeof header === 'string') return header;
  const { connectionParams } = request.query;
  if (typeof connectionParams !== 'string') return null;
  try {
    const { account }: { account?: unknown } = JSON.parse(connectionParams);
    return typeof account === 'string' ? account : null;
  } catch {
    return null;
  }
}
