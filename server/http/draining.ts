import type { RequestHandler } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

/**
 * While the server shuts down, what is under way is finished and nothing new begins: a change is told to come back
 * (UNAVAILABLE), and every answer closes its connection, so that the next request finds another node.
 */
export function refuseWhileDraining(isDraining: () => boolean, sendFailure: SendFailure): RequestHandler {
  return (request, response, next) => {
    if (!isDraining()) return next();
    response.setHeader('Connection', 'close');
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    sendFailure(
      request,
      response,
      new ChatError('UNAVAILABLE', 'The server is restarting. Try again in a moment.'),
    );
  };
}
