import type { AnyRouter } from '@trpc/server';
import { getErrorShape, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Logger } from 'pino';
import { ChatError, type Failure, type Reason, reasons } from '../../protocol/errors.ts';
import { toFailure, toTrpcError } from '../trpc/error-shape.ts';
import { requestIdOf } from './request-id.ts';

/** Answers a request with a failure, in the shape that its path is read in. Logs what nobody expected, once. */
export type SendFailure = (request: Request, response: Response, error: unknown) => void;

/** `router` lends its error formatter, so that a refusal before tRPC looks like one by tRPC. */
export function createSendFailure({ router, log }: { router: AnyRouter; log: Logger }): SendFailure {
  return (request, response, thrown) => {
    const error = asExpected(thrown);
    const failure = toFailure(error);
    if (failure.reason === null)
      log.error({ err: error, requestId: requestIdOf(request) }, 'a request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    setRetryAfter(response, error);
    response.setHeader('Cache-Control', 'no-store');
    const status = failure.reason === null ? 500 : reasons[failure.reason].http;
    const path = request.originalUrl.split('?')[0] ?? '';
    if (isUnder(path, '/trpc')) {
      const trpcError = error instanceof ChatError ? toTrpcError(error) : asTrpcError(error);
      const shape = getErrorShape({
        config: router._def._config,
        error: trpcError,
        type: 'unknown',
        path: path.slice('/trpc/'.length) || undefined,
        input: undefined,
        ctx: undefined,
      });
      response.status(getHTTPStatusCodeFromError(trpcError)).json({ error: shape });
    } else if (isUnder(path, '/api/auth')) {
      response.status(status).json({ code: failure.reason ?? 'INTERNAL_SERVER_ERROR', ...failure });
    } else if (isUnder(path, '/api')) {
      response.status(status).json(plainFailure(failure));
    } else {
      response.status(status).type('text/plain').send(`${failure.message}\n`);
    }
  };
}

/** A failure as /api/chat tells it. */
export function plainFailure(failure: { reason: Reason | null; message: string; retryable: boolean }) {
  const { message, ...rest } = failure;
  return { success: false as const, error: message, ...rest };
}

/** Last in the app: whatever a handler threw or passed on. */
export function createErrorHandler(sendFailure: SendFailure): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error, request, response, _next) => sendFailure(request, response, error);
}

/** `Retry-After` in whole seconds, for a failure that says when. */
export function retryAfterSeconds(error: unknown): string | null {
  const ms = error instanceof ChatError ? error.details.retryAfterMs : undefined;
  return ms === undefined ? null : String(Math.max(1, Math.ceil(ms / 1000)));
}

function setRetryAfter(response: Response, error: unknown): void {
  const seconds = retryAfterSeconds(error);
  if (seconds !== null) response.setHeader('Retry-After', seconds);
}

const isUnder = (path: string, root: string) => path === root || path.startsWith(`${root}/`);

function asTrpcError(error: unknown): TRPCError {
  if (error instanceof TRPCError) return error;
  const failure = toFailure(error);
  if (failure.reason !== null) return toTrpcError(asChatError(failure));
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: failure.message, cause: error });
}

function asChatError({ reason, message, issues }: Failure): ChatError {
  return new ChatError(reason, message, issues && { issues });
}

/** What Express's own parsers and file server complain about, in our terms. */
function asExpected(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, status } = error as Error & { type?: unknown; status?: unknown }; // as http-errors makes them
  if (type === 'entity.too.large') {
    return new ChatError('TOO_LARGE', 'The request is too large. Send less at once.');
  }
  if (type === 'entity.parse.failed') {
    return new ChatError('INVALID_INPUT', 'The body is not well-formed JSON.', {
      issues: [{ path: [], message: error.message }],
    });
  }
  if (status === 404) return new ChatError('NOT_FOUND', 'There is nothing here.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ChatError('INVALID_INPUT', 'The request is not well-formed.', {
      issues: [{ path: [], message: error.message }],
    });
  }
  return error;
}
