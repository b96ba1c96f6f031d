import { createHash, timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import type { Registry } from 'prom-client';
import { isLoopback } from './origin-guard.ts';

export interface Version {
  name: string;
  version: string;
  commit: string;
}

export interface OperationsOptions {
  version: Version;
  /** null when the database answers and migrations stand; otherwise what is missing, in a sentence. */
  readiness(): Promise<string | null>;
  /** null while other nodes can be heard, or there are none. */
  busComplaint(): string | null;
  isDraining(): boolean;
  metrics: Registry;
  /** null: from this machine only. */
  metricsToken: string | null;
}

/** What operators and load balancers ask: /healthz, /readyz, /version, /metrics. */
export function createOperations(options: OperationsOptions): Router {
  const router = Router();
  router.get(['/healthz', '/readyz', '/version', '/metrics'], (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (request, response) => {
    const complaint = options.busComplaint();
    // Balancers ask with ?bus=optional: a node that does not hear the others serves people all the same.
    const isBusNeeded = request.query.bus !== 'optional';
    const missing = (await whatIsMissing(options)) ?? (isBusNeeded ? complaint : null);
    if (missing === null) response.json({ status: 'ready', ...(complaint ? { without: complaint } : {}) });
    else response.status(503).json({ status: 'unready', reason: missing });
  });
  router.get('/version', (_request, response) => {
    response.json(options.version);
  });
  router.get('/metrics', async (request, response, next) => {
    if (!mayReadMetrics(request, options.metricsToken)) {
      response
        .status(403)
        .type('text/plain')
        .send('Metrics are for this machine, or for whoever brings METRICS_TOKEN.\n');
      return;
    }
    try {
      response.type(options.metrics.contentType).send(await options.metrics.metrics());
    } catch (error) {
      next(error);
    }
  });
  return router;
}

async function whatIsMissing({ isDraining, readiness }: OperationsOptions): Promise<string | null> {
  if (isDraining()) return 'The server is shutting down.';
  try {
    return await readiness();
  } catch (error) {
    return `The server could not look: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function mayReadMetrics(request: Request, token: string | null): boolean {
  // request.ip is the far end of a proxy that says so; a proxy on this machine makes nobody local.
  const ip = (request.ip ?? '').replace(/^::ffff:/, '');
  if (isLoopback(ip)) return true;
  const [, given] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return token !== null && given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Of equal length, whatever was given. */
const digest = (text: string) => createHash('sha256').update(text).digest();
