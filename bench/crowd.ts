import { type Child, startChild } from './child.ts';
import type { BenchDatabase } from './database.ts';
import type { Emission } from './emit.ts';
import { createPeople } from './people.ts';
import { STREAM_PATH, startProduct } from './product.ts';

/** A server with subscribers, each side on its core. */
export interface Crowd {
  name: string;
  server: Child;
  load: Child;
  /** Lets the server send events, and waits until every subscriber has each of them. */
  emit(plan: Omit<Emission, 'first'>): Promise<{ serverSeconds: number; loadShare: number; seconds: number }>;
  /** Index of the next event. */
  next(): number;
  stop(): Promise<void>;
}

export const OURS = 'J Star Chat';

export const peers = {
  'raw write': { server: 'raw', speaks: 'sse', path: '/' },
  ws: { server: 'ws', speaks: 'ws', path: '/' },
  'Socket.IO': { server: 'socket-io', speaks: 'socket.io', path: '/' },
  'better-sse': { server: 'better-sse', speaks: 'sse', path: '/' },
  'stock tRPC': { server: 'stock-trpc', speaks: 'trpc', path: '/subscribe' },
} as const;

export type PeerName = keyof typeof peers;

export async function gather(
  name: PeerName | typeof OURS,
  count: number,
  database: BenchDatabase,
  options: { env?: Record<string, string>; nodeArgs?: string[] } = {},
): Promise<Crowd> {
  if (name === OURS) return gatherOurs(count, database, options);
  const { server: file, speaks, path } = peers[name];
  const server = await startChild(file, { core: 'server', ...options });
  const load = await startChild('subscribers', { core: 'load' });
  const port = await server.ask<number>('port');
  await load.ask('connect', { port, count, speaks, path });
  return crowdOf(name, server, load, count, {});
}

async function gatherOurs(
  count: number,
  database: BenchDatabase,
  options: { env?: Record<string, string>; nodeArgs?: string[] },
): Promise<Crowd> {
  const server = await startProduct(database, options);
  await server.ask('hub');
  const { cookies, sessionId } = await createPeople(database, server.databaseUrl, count);
  const load = await startChild('subscribers', { core: 'load' });
  await load.ask('connect', { port: server.port, count, speaks: 'trpc', path: STREAM_PATH, cookies });
  return crowdOf(OURS, server, load, count, { sessionId });
}

function crowdOf(name: string, server: Child, load: Child, count: number, extra: object): Crowd {
  let next = 1;
  return {
    name,
    server,
    load,
    next: () => next,
    async emit(plan) {
      const first = next;
      next += plan.count;
      await load.ask('begin', { first });
      const [serverBefore, loadBefore, began] = [await server.cpu(), await load.cpu(), performance.now()];
      const received = load.ask('received', { events: plan.count });
      await server.ask('emit', { ...plan, ...extra, first });
      await received;
      const seconds = (performance.now() - began) / 1000;
      const [serverAfter, loadAfter] = [await server.cpu(), await load.cpu()];
      const { events, lost, doubled } = await load.ask<Record<string, number>>('totals');
      if (events !== plan.count * count || lost !== 0 || doubled !== 0)
        throw new Error(
          `${name}: ${events} of ${plan.count * count} events came, ${lost} lost, ${doubled} doubled`,
        );
      return {
        serverSeconds: (serverAfter - serverBefore) / 1e6,
        loadShare: (loadAfter - loadBefore) / 1e6 / seconds,
        seconds,
      };
    },
    async stop() {
      await Promise.all([server.stop(), load.stop()]);
    },
  };
}
