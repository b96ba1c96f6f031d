import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Request, Response } from 'express';

/**
 * Answers with a head and takes the socket for good: the body is whatever is written to it, and ends with the connection
 * (RFC 9112, 6.3). Node is told that the exchange is over, as it is for an upgrade, because it would otherwise keep a
 * request, a response and Express' additions, some 15 KiB, for as long as the stream is open.
 * @returns null when an earlier request of the same connection is not answered yet
 */
export function takeOverSocket(
  request: Request,
  response: Response,
  headers: OutgoingHttpHeaders,
  firstBytes: Buffer,
): Socket | null {
  const { socket } = request;
  // Node gives the socket to one response at a time.
  if (response.socket !== socket) return null;
  const head = headOf({
    ...response.getHeaders(),
    ...headers,
    Date: new Date().toUTCString(),
    Connection: 'close',
  });
  // A stream that is told from memory has its events in the same turn: they leave with the head, in one write.
  socket.cork();
  process.nextTick(() => socket.uncork());
  socket.write(Buffer.concat([head, firstBytes]));
  response.emit('finish');
  // A request behind this one in the same connection would be answered into our stream.
  if ('_httpMessage' in socket && socket._httpMessage) socket.destroy();
  // Whatever else the client says is dropped; a listener of ours also takes the socket from the HTTP parser.
  socket.removeAllListeners('data');
  socket.on('data', ignore);
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  return socket;
}

function headOf(headers: OutgoingHttpHeaders): Buffer {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${one}\r\n`),
  );
  return Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`, 'latin1');
}

const ignore = () => {};
