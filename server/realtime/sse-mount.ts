import type { AnyRouter } from '@trpc/server';
import { callTRPCProcedure, getErrorShape, getTRPCErrorFromUnknown, type TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Request, RequestHandler, Response } from 'express';
import { connectedBytes, serializedErrorBytes } from './frame.ts';
import { createSocketSink } from './socket-sink.ts';
import type { Stream } from './stream.ts';
import { EventSubscription } from './subscription.ts';

const PATH = 'events.subscribe';

export interface SseMountOptions<C> {
  router: AnyRouter;
  createContext(request: Request): Promise<C>;
  onOpen?(context: C): void;
  onClose?(context: C): void;
  onError(error: unknown, request: Request): void;
}

/**
 * Serves `GET /trpc/events.subscribe` with tRPC's own frames, without tRPC's iterator per subscriber: the procedure is
 * called as any other, and the subscription that it returns is attached to the socket.
 * The response has no length and no chunks; it ends with its connection, so each frame is one plain write.
 */
export function createSseMount<C>(options: SseMountOptions<C>): RequestHandler {
  return (request, response, next) => {
    if (request.query.batch !== undefined) next();
    else serve(options, request, response).catch((error) => options.onError(error, request));
  };
}

async function serve<C>(options: SseMountOptions<C>, request: Request, response: Response): Promise<void> {
  let context: C | undefined;
  let input: unknown;
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
    await attach(options, context, result, request, response);
  } catch (cause) {
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
    refuse(request, response, error, shape);
  }
}

async function attach<C>(
  options: SseMountOptions<C>,
  context: C,
  subscription: EventSubscription,
  request: Request,
  response: Response,
): Promise<void> {
  const { socket } = request;
  response.shouldKeepAlive = false;
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
  });
  response.flushHeaders();
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 15_000);
  socket.setTimeout(0);
  socket.write(connectedBytes);
  let stream: Stream | null = null;
  let gone = socket.destroyed;
  socket.once('close', () => {
    gone = true;
    if (stream) subscription.detach(stream);
    options.onClose?.(context);
  });
  options.onOpen?.(context);
  try {
    stream = await subscription.attachTo(createSocketSink(socket), () => gone);
    if (gone) subscription.detach(stream);
  } catch (error) {
    // Headers are out: the client is told nothing, and comes back with its cursor.
    options.onError(error, request);
    socket.destroy();
  }
}

/** An EventSource reads errors only from inside a stream that opened well; anyone else gets the plain status. */
function refuse(request: Request, response: Response, error: TRPCError, shape: unknown): void {
  if (response.headersSent) {
    response.destroy();
  } else if (request.headers.accept?.includes('text/event-stream')) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
    });
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
