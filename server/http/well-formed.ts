import type { RequestHandler } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

/** Refuses addresses that no handler behind could take apart: broken percent-encoding, a `Host` that is none. */
export function requireWellFormedUrl(sendFailure: SendFailure): RequestHandler {
  return (request, response, next) => {
    if (
      isDecodable(request.path) &&
      URL.canParse(`http://${request.headers.host ?? 'localhost'}${request.url}`)
    )
      next();
    else
      sendFailure(
        request,
        response,
        new ChatError('INVALID_INPUT', 'The address of this request is not well-formed.'),
      );
  };
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
