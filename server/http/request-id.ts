import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

/** Names each request in the log and, as `X-Request-Id`, in the answer: what a person can quote. */
export function nameRequests(): RequestHandler {
  return (_request, response, next) => {
    const requestId = randomUUID();
    response.locals.requestId = requestId;
    response.setHeader('X-Request-Id', requestId);
    next();
  };
}

export function requestIdOf(request: Request): string {
  const requestId: unknown = request.res?.locals.requestId;
  return typeof requestId === 'string' ? requestId : 'unnamed';
}
