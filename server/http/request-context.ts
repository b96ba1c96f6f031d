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
      const account = await auth.accountOf(request.headers);
      return { account, requestId: requestIdOf(request), ip: request.ip ?? '' };
    } catch (error) {
      throw error instanceof ChatError ? toTrpcError(error) : error;
    }
  };
}
