import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';

export interface RequestLogOptions {
  log: Logger;
  metrics: Registry;
}

/**
 * One line and one count for each answer. A line has the path without its query (a search is somebody's text), without
 * tokens, and nothing of headers or bodies. What went well is logged at `debug`.
 */
export function logRequests({ log, metrics }: RequestLogOptions): RequestHandler {
  const counter = new Counter({
    name: 'http_requests_total',
    help: 'Answers by area of the site and class of status.',
    labelNames: ['area', 'status'] as const,
    registers: [metrics],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the request to the end of its answer; event streams are left out.',
    labelNames: ['area'] as const,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [metrics],
  });
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = loggablePath(request.path);
    const area = areaOf(path);
    response.once('close', () => {
      const ms = Math.round((performance.now() - startedAt) * 10) / 10;
      const status = response.statusCode;
      counter.inc({ area, status: `${Math.floor(status / 100)}xx` });
      if (area !== 'stream') duration.observe({ area }, ms / 1000);
      const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
      // The person's id, once somebody looked who asks.
      const { requestId, person } = response.locals;
      log[level]({ requestId, person, method: request.method, path, status, ms }, 'request');
    });
    next();
  };
}

/** An invitation's token opens a conversation: it stays out of the log. */
export function loggablePath(path: string): string {
  return path.replace(/^\/join\/[^/]+/, '/join/…').slice(0, 200);
}

function areaOf(path: string): string {
  if (path === '/trpc/events.subscribe') return 'stream';
  const first = path.split('/')[1] ?? '';
  if (first === 'api') return path.startsWith('/api/auth/') ? 'auth' : 'api';
  if (first === 'trpc' || first === 'assets') return first;
  return ['healthz', 'readyz', 'version', 'metrics'].includes(first) ? 'operations' : 'page';
}
