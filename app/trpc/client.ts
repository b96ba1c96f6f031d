import { Failure } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import { importPart } from '../parts/import-part.ts';
import { calledLater } from './called-later.ts';
import type { makeStockClient } from './stock-client.ts';

export type Trpc = ReturnType<typeof makeStockClient>;

export interface TrpcOptions {
  /** Origin of the server; empty for the page's own. */
  serverUrl?: string;
  /** For devices without a browser: tests, scripts. */
  fetch?: typeof globalThis.fetch;
  EventSource?: typeof globalThis.EventSource;
  /** How long a call may take; half a minute unless said. */
  patienceMs?: number;
  /** Whose calls these are; the server refuses them once somebody else has signed in here (invariant 25). */
  account?: UserId;
}

/**
 * The typed client. What it is made of comes meanwhile: a screen is painted from what is on the device, and its page
 * has that much less to fetch first. A call waits for it, and fails as without a network where it cannot be had.
 */
export function createTrpc(options: TrpcOptions = {}): Trpc {
  let made: Promise<Trpc> | null = null;
  const client = () => {
    made ??= importPart(() => import('./stock-client.ts')).then(({ makeStockClient }) =>
      makeStockClient(options),
    );
    made.catch(() => {
      made = null;
    });
    return made;
  };
  client().catch(() => {});
  return calledLater(client);
}

/** Why a call failed, if the server said so in its own words; null for the network and for impostors. */
export function failureOf(error: unknown): Failure | null {
  // By its name: its class comes with the client.
  if (!(error instanceof Error) || error.name !== 'TRPCClientError') return null;
  const data: unknown = 'data' in error ? error.data : null;
  const parsed = Failure.safeParse({ message: error.message, ...(typeof data === 'object' ? data : {}) });
  return parsed.success ? parsed.data : null;
}
