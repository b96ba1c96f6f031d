import type { RequestHandler } from 'express';

/**
 * Serves the event stream under every spelling of its address that tRPC takes for it: what stands behind the last
 * slash, decoded; with a slash behind it, too. By tRPC's own adapter it would be one that nobody counts, and that holds
 * all that is not read. Mounted under /trpc, ahead of that adapter.
 */
export function underAnySpelling(eventStream: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    const named = path.replace(/\/$/, '');
    const name = decodeURIComponent(named.slice(named.lastIndexOf('/') + 1));
    if ((method === 'GET' || method === 'HEAD') && name === 'events.subscribe')
      return eventStream(request, response, next);
    next();
  };
}
