import { isIP } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

export interface OriginOptions {
  /** The origin that browsers use, without a slash at its end. */
  publicUrl: string;
  /** What the server listens on. */
  host: string;
  port: number;
}

/** PUBLIC_URL, and on a server for this machine alone both names of the machine. */
export function trustedOrigins({ publicUrl, host, port }: OriginOptions): string[] {
  const origins = new Set([new URL(publicUrl).origin]);
  if (isLoopback(host)) {
    origins.add(`http://localhost:${port}`);
    origins.add(`http://127.0.0.1:${port}`);
  }
  return [...origins];
}

/** Whether the host is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Refuses whatever might change something on behalf of a page of another site, before it runs. A request without
 * `Origin` and `Sec-Fetch-Site` comes from a script, which brings its own cookie knowingly, and passes.
 */
export function guardOrigin(options: OriginOptions, sendFailure: SendFailure): RequestHandler {
  const trusted = new Set(trustedOrigins(options));
  const { protocol } = new URL(options.publicUrl);
  return (request, response, next) => {
    if (isSafe(request.method) || !isForeign(request, trusted, protocol)) next();
    else sendFailure(request, response, crossSite());
  };
}

/**
 * Refuses bodies that are not JSON: forms (`multipart/form-data` among them) may be posted by any page without asking
 * first.
 */
export function requireJson(sendFailure: SendFailure): RequestHandler {
  return (request, response, next) => {
    if (isSafe(request.method) || isJson(request)) next();
    else sendFailure(request, response, notJson());
  };
}

function isForeign(request: Request, trusted: ReadonlySet<string>, protocol: string): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  if (origin === undefined) return false;
  // A page without a referrer sends "null" to its own site, too; browsers alone can write Sec-Fetch-Site.
  if (origin === 'null') return site !== 'same-origin';
  return !trusted.has(origin) && !isSameAddress(origin, host, protocol);
}

/**
 * Whether a page came from the very address that it now asks: the machine under another of its addresses, or behind a
 * forwarded port. Names other than PUBLIC_URL's don't count, for a foreign name can be made to lead here.
 */
function isSameAddress(origin: string, host: string | undefined, protocol: string): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (from.host !== host || from.protocol !== protocol) return false;
  return from.hostname === 'localhost' || isIP(from.hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function isJson(request: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const crossSite = () =>
  new ChatError('FORBIDDEN', 'Requests from other sites are refused. Open the chat itself and try again.');
const notJson = () =>
  new ChatError('INVALID_INPUT', 'Send the body as JSON, with "Content-Type: application/json".', {
    issues: [{ path: [], message: 'the content type must be application/json' }],
  });
