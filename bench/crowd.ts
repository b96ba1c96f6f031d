import { setTimeout as pause } from 'node:timers/promises';
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
  /** Events at the times they are meant for. @returns ms from each such time until the last subscriber had the event */
  openLoop(plan: Omit<Emission, 'first'>): Promise<{ latencies: number[]; loadShare: number }>;
  /** Cuts every connection at once, sends `missed` events, and lets everybody come back from where they were. */
  storm(missed: number): Promise<{ seconds: number; serverSeconds: number; lost: number; doubled: number }>;
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
    async openLoop(plan) {
      const first = next;
      next += plan.count;
      await load.ask('begin', { first });
      await load.ask('recordArrivals', { on: true });
      const startAt = String(process.hrtime.bigint() + 100_000_000n);
      const [loadBefore, began] = [await load.cpu(), performance.now()];
      const received = load.ask('received', { events: plan.count });
      await server.ask('emit', { ...plan, ...extra, first, startAt });
      await received;
      const loadShare = ((await load.cpu()) - loadBefore) / 1000 / (performance.now() - began);
      await load.ask('recordArrivals', { on: false });
      const latencies = await load.ask<number[]>('latencies', { ...plan, first, startAt });
      return { latencies, loadShare };
    },
    async storm(missed) {
      const first = next;
      next += missed;
      await load.ask('begin', { first });
      await load.ask('drop');
      while ((await server.ask<number>('streams')) > 0) await pause(10);
      await server.ask('emit', { ...extra, first, count: missed, together: 1, everyMs: 2 });
      const [before, began] = [await server.cpu(), performance.now()];
      await load.ask('resume');
      await load.ask('received', { events: missed });
      const seconds = (performance.now() - began) / 1000;
      const serverSeconds = ((await server.cpu()) - before) / 1e6;
      const { lost = 0, doubled = 0 } = await load.ask<Record<string, number>>('totals');
      return { seconds, serverSeconds, lost, doubled };
    },
    async stop() {
      await Promise.all([server.stop(), load.stop()]);
    },
  };
}
