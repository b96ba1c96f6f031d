import type { Socket } from 'node:net';
import type { AnyRouter } from '@trpc/server';
import { callTRPCProcedure, getErrorShape, getTRPCErrorFromUnknown, TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Request, RequestHandler, Response } from 'express';
import { connectedBytes, serializedErrorBytes } from './frame.ts';
import { SocketSink } from './socket-sink.ts';
import type { Stream } from './stream.ts';
import { StreamAllowance } from './stream-allowance.ts';
import { EventSubscription } from './subscription.ts';
import { takeOverSocket } from './take-over-socket.ts';

const PATH = 'events.subscribe';
/** A person with many tabs shares one stream; what is beyond this is no person. */
const STREAMS_PER_ACCOUNT = 32;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

export interface SseMountOptions<C> {
  router: AnyRouter;
  createContext(request: Request): Promise<C>;
  onOpen?(context: C): void;
  onClose?(context: C): void;
  onError(error: unknown, request: Request): void;
  /** `Retry-After`, for a refusal that says when. */
  retryAfter?(error: unknown): string | null;
  streamsPerAccount?: number;
}

/**
 * Serves `GET /trpc/events.subscribe` with tRPC's own frames, without tRPC's iterator per subscriber: the procedure is
 * called as any other, and the subscription that it returns is attached to the socket.
 * The response has no length and no chunks; it ends with its connection, so each frame is one plain write.
 */
export function createSseMount<C>(options: SseMountOptions<C>): RequestHandler {
  const allowance = new StreamAllowance(options.streamsPerAccount ?? STREAMS_PER_ACCOUNT);
  return (request, response, next) => {
    if (request.query.batch !== undefined) next();
    else serve(options, allowance, request, response).catch((error) => options.onError(error, request));
  };
}

async function serve<C>(
  options: SseMountOptions<C>,
  allowance: StreamAllowance,
  request: Request,
  response: Response,
): Promise<void> {
  let context: C | undefined;
  let input: unknown;
  let socket: Socket | null = null;
  try {
    context = await options.createContext(request);
    input = readInput(request);
    const result = await callTRPCProcedure({
      router: options.router,
      path: PATH,
      ctx: context,
      getRawInput: async () => input,
      type: 'subscription',
      signal: undefined,
      batchIndex: 0,
    });
    if (!(result instanceof EventSubscription))
      throw new Error(`${PATH} returned something else than a subscription`);
    socket = open(result, allowance, request, response);
    await feed(options, context, result, socket);
  } catch (cause) {
    if (socket) {
      // The head is out: the client is told nothing, and comes back with its cursor.
      options.onError(cause, request);
      socket.destroy();
      return;
    }
    const error = getTRPCErrorFromUnknown(cause);
    const shape = getErrorShape({
      config: options.router._def._config,
      error,
      type: 'subscription',
      path: PATH,
      input,
      ctx: context,
    });
    if (error.code === 'INTERNAL_SERVER_ERROR') options.onError(cause, request);
    const seconds = options.retryAfter?.(error.cause) ?? null;
    if (seconds !== null && !response.headersSent) response.setHeader('Retry-After', seconds);
    refuse(request, response, error, shape);
  }
}

function open(
  { userId }: EventSubscription,
  allowance: StreamAllowance,
  request: Request,
  response: Response,
): Socket {
  allowance.take(userId);
  const giveBack = () => allowance.giveBack(userId);
  const socket = takeOverSocket(request, response, headers, connectedBytes);
  if (socket?.destroyed !== false) giveBack();
  else socket.once('close', giveBack);
  if (!socket)
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'A stream cannot wait behind other requests' });
  return socket;
}

/** Apart from `serve`, so that nothing that lives as long as the stream holds its request. */
async function feed<C>(
  { onOpen, onClose }: SseMountOptions<C>,
  context: C,
  subscription: EventSubscription,
  socket: Socket,
): Promise<void> {
  if (socket.destroyed) return;
  let stream: Stream | null = null;
  let gone = false;
  socket.once('close', () => {
    gone = true;
    if (stream) subscription.detach(stream);
    onClose?.(context);
  });
  onOpen?.(context);
  stream = await subscription.attachTo(new SocketSink(socket), () => gone);
  if (gone) subscription.detach(stream);
}

/** An EventSource reads errors only from inside a stream that opened well; anyone else gets the plain status. */
function refuse(request: Request, response: Response, error: TRPCError, shape: unknown): void {
  if (response.headersSent) {
    response.destroy();
  } else if (request.headers.accept?.includes('text/event-stream')) {
    response.writeHead(200, headers);
    response.write(connectedBytes);
    response.end(serializedErrorBytes(shape));
  } else {
    response.status(getHTTPStatusCodeFromError(error)).json({ error: shape });
  }
}

/** As tRPC reads it: `input` as JSON in the query, the browser's own last id above everything. */
function readInput(request: Request): unknown {
  const { input: text, lastEventId } = request.query;
  const input: unknown = typeof text === 'string' ? parseJson(text) : undefined;
  const last =
    request.headers['last-event-id'] ?? (typeof lastEventId === 'string' ? lastEventId : undefined);
  if (last === undefined || last === '') return input;
  return { ...(typeof input === 'object' ? input : {}), lastEventId: String(last) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not an object, so the procedure's schema says what is wrong with it.
    return text;
  }
}
