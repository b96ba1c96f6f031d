import { initTRPC, TRPCError } from '@trpc/server';
import { ChatError, reasons } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { accountGone, notSignedIn } from '../domain/account.ts';
import { clientOptions } from '../realtime/frame.ts';
import { asUnavailable } from '../unavailable.ts';
import type { TrpcContext } from './context.ts';
import { toFailure, toTrpcError } from './error-shape.ts';
import type { Services } from './services.ts';

/** The builders that every procedure starts from. */
export function createProcedures(services: Services) {
  const t = initTRPC.context<TrpcContext>().create({
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: clientOptions },
    errorFormatter({ shape, error }) {
      const { message, ...failure } = toFailure(error);
      // The reason decides, whatever tRPC makes of it: a wrong method is INVALID_INPUT, and so 400.
      const status = failure.reason && {
        httpStatus: reasons[failure.reason].http,
        code: reasons[failure.reason].trpc,
      };
      // The stack never leaves the server.
      const { stack: _stack, ...data } = shape.data;
      return { ...shape, message, data: { ...data, ...status, ...failure } };
    },
  });

  const edge = t.middleware(async ({ ctx, path, next }) => {
    const result = await next();
    if (result.ok) return result;
    const cause = asUnavailable(result.error.cause);
    if (cause instanceof ChatError) {
      if (cause.reason === 'UNAVAILABLE' && cause.cause) services.onUnavailable(cause.cause);
      throw toTrpcError(cause);
    }
    if (toFailure(result.error).reason === null) {
      services.onError(cause ?? result.error, { path, requestId: ctx.requestId, account: ctx.account });
      throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'internal', cause });
    }
    return result;
  });

  /** Deleted on this node: what came with the last request, or before it, is refused as what comes next. */
  const gone = new Set<UserId>();

  const signedIn = t.middleware(async ({ ctx, next }) => {
    const { account } = ctx;
    if (!account) throw toTrpcError(notSignedIn());
    if (gone.has(account.userId)) throw toTrpcError(accountGone());
    return next({ ctx: { ...ctx, account } });
  });

  const limited = (kind: 'write' | 'typing' | 'read') =>
    t.middleware(async ({ ctx, next }) => {
      await services.limiter.consume(kind, ctx.account?.userId ?? ctx.ip);
      return next();
    });

  const base = t.procedure.use(edge);
  return {
    router: t.router,
    open: base,
    query: base.use(signedIn).use(limited('read')),
    mutation: base.use(signedIn).use(limited('write')),
    signal: base.use(signedIn).use(limited('typing')),
    endAccount(userId: UserId): void {
      gone.add(userId);
      services.onAccountDeleted(userId);
    },
  };
}

export type Procedures = ReturnType<typeof createProcedures>;
