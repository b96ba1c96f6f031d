import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, TRPCClientError } from '@trpc/client';
import { Failure } from '../../protocol/errors.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { AppRouter } from '../../server/trpc/router.ts';
import { patientFetch } from './patient-fetch.ts';

export type Trpc = ReturnType<typeof createTrpc>;

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

/** The typed client: calls over HTTP, events over Server-Sent Events. Cookies say who we are. */
export function createTrpc(options: TrpcOptions = {}) {
  const { serverUrl = '', fetch = globalThis.fetch, EventSource, account, patienceMs } = options;
  const url = `${serverUrl}/trpc`;
  // Called as a function of its own, which the browser's fetch must not be taken for a method of something else.
  const patient = patientFetch((input, init) => fetch(input, init), patienceMs);
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url,
          ...(EventSource ? { EventSource } : {}),
          ...(account ? { connectionParams: { account } } : {}),
        }),
        // Their types of fetch and the platform's differ in what none of us uses.
        false: httpLink({
          url,
          fetch: patient as never,
          ...(account ? { headers: { 'x-account': account } } : {}),
        }),
      }),
    ],
  });
}

/** Why a call failed, if the server said so in its own words; null for the network and for impostors. */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  const parsed = Failure.safeParse({ message: error.message, ...(typeof data === 'object' ? data : {}) });
  return parsed.success ? parsed.data : null;
}
