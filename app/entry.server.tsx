import { PassThrough } from 'node:stream';
import { type AppLoadContext, createReadableStreamFromReadable, type EntryContext } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';

const ABORT_MS = 5_000;

export const streamTimeout = ABORT_MS;

/**
 * Logs what went wrong with a page. That nothing is there, or that somebody hung up, is nothing wrong: the line of the
 * request says it, without the tokens that an address may hold.
 */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  console.error(error);
}

/** Streams a page as soon as its shell stands; to robots, once all of it does. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  { cspNonce }: AppLoadContext,
): Promise<Response> {
  const ready = isbot(request.headers.get('user-agent')) ? 'onAllReady' : 'onShellReady';
  return new Promise((resolve, reject) => {
    let hasAnswered = false;
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={remix} url={request.url} abortDelay={ABORT_MS} nonce={cspNonce} />,
      {
        nonce: cspNonce,
        [ready]() {
          hasAnswered = true;
          const body = new PassThrough();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          status = 500;
          // Before the answer began it is thrown on, and logged at the edge.
          if (hasAnswered) console.error(error);
        },
      },
    );
    setTimeout(abort, ABORT_MS + 1_000);
  });
}
