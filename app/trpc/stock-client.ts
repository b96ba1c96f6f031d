import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import type { AppRouter } from '../../server/trpc/router.ts';
import type { TrpcOptions } from './client.ts';
import { patientFetch } from './patient-fetch.ts';

/** tRPC's own client: calls over HTTP, events over Server-Sent Events. Cookies say who we are. */
export function makeStockClient(options: TrpcOptions) {
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
