import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { ChatError, reasons } from '../../protocol/errors.ts';

/** Of one request: room for an input in the address that its schema then refuses in words. */
export const HEADER_BYTES = 64 * 1024;

/** Answers what Node refuses before there is a request, in the shape in which everything else is refused. */
export function answerClientErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const refusal =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? new ChatError(
            'TOO_LARGE',
            'The address or the headers of this request are too large. Ask for less at once.',
          )
        : new ChatError('INVALID_INPUT', 'The request is not well-formed HTTP.');
    socket.end(answerOf(refusal));
  });
}

function answerOf(refusal: ChatError): string {
  const { message, ...failure } = refusal.toFailure();
  const { http, trpc } = reasons[refusal.reason];
  const data = { code: trpc, httpStatus: http, ...failure };
  const body = JSON.stringify({ error: { message, code: TRPC_ERROR_CODES_BY_KEY[trpc], data } });
  return [
    `HTTP/1.1 ${http} ${STATUS_CODES[http]}`,
    'Content-Type: application/json',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
