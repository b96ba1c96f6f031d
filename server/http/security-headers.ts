import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';

export interface SecurityHeaderOptions {
  publicUrl: string;
  /** Vite's own scripts and socket are let in, too. */
  development: boolean;
}

/**
 * Headers that keep pages to themselves. Scripts run from our own files or with the nonce that a page gets through
 * Remix's load context (`response.locals.cspNonce`); styles may be inline, for React and animation write them.
 */
export function secureHeaders({ publicUrl, development }: SecurityHeaderOptions): RequestHandler {
  const isHttps = publicUrl.startsWith('https:');
  return (_request, response, next) => {
    const nonce = randomBytes(16).toString('base64');
    response.locals.cspNonce = nonce;
    response.setHeader('Content-Security-Policy', development ? developmentPolicy : policy(nonce));
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // Not even the name of a host that an answer links to is looked up unasked.
    response.setHeader('X-DNS-Prefetch-Control', 'off');
    response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), payment=()');
    if (isHttps) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    next();
  };
}

const shared = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  // An answer must cause no third-party request.
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const policy = (nonce: string) => `${shared}; connect-src 'self'; script-src 'self' 'nonce-${nonce}'`;
const developmentPolicy = `${shared}; connect-src 'self' ws: wss:; script-src 'self' 'unsafe-inline' 'unsafe-eval'`;
