import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { OwnServer, Served } from '../served.ts';
import type { Node, ServerCluster } from './cluster.ts';

/** What may happen to the parts of an installation; each is over, and everything there again, when it resolves. */
export const disturbances = {
  'a node is killed': async ({ nodes }: ServerCluster, random: Random) => {
    const node = random.pick(nodes);
    await node.product.kill();
    await delay(random.between(100, 600));
    await node.start();
  },
  'a node stands still': async ({ nodes }: ServerCluster, random: Random) => {
    const node = random.pick(nodes);
    node.pause();
    await delay(random.between(300, 2_500));
    node.resume();
  },
  'a node is restarted in good order': async ({ nodes }: ServerCluster, random: Random) => {
    const node: Node = random.pick(nodes);
    await node.product.stop();
    await node.start();
  },
  'Redis is killed': async ({ redis }: ServerCluster, random: Random) => {
    await redis.part?.end();
    await delay(random.between(100, 800));
    await redis.part?.start();
  },
  'Redis stands still': async ({ redis }: ServerCluster, random: Random) => {
    redis.part?.pause();
    await delay(random.between(300, 2_500));
    redis.part?.resume();
  },
  'Redis is emptied': async ({ redis }: ServerCluster) => {
    await redis.flush();
  },
  'PostgreSQL is killed': async ({ postgres }: ServerCluster, random: Random) => {
    await postgres.part.end();
    await delay(random.between(50, 500));
    await postgres.part.start();
  },
  'PostgreSQL is restarted': async ({ postgres }: ServerCluster) => {
    await postgres.part.end('SIGINT');
    await postgres.part.start();
  },
  'PostgreSQL stands still': async ({ postgres }: ServerCluster, random: Random) => {
    postgres.part.pause();
    await delay(random.between(200, 1_500));
    postgres.part.resume();
  },
} satisfies Record<string, (cluster: ServerCluster, random: Random) => Promise<void>>;

export type Disturbance = keyof typeof disturbances;

/** A cluster as a schedule has a server to itself: where the schedule kills it, something happens to one of its parts. */
export function serveCluster(
  cluster: ServerCluster,
  random: Random,
  kinds: readonly [Disturbance, ...Disturbance[]],
): { served: Served; done: Disturbance[] } {
  const done: Disturbance[] = [];
  const own: OwnServer = {
    deaths: [],
    async kill() {
      const kind = random.pick(kinds);
      done.push(kind);
      await disturbances[kind](cluster, random);
    },
    async pause(ms) {
      done.push('a node stands still');
      const node = random.pick(cluster.nodes);
      node.pause();
      await delay(ms);
      node.resume();
    },
    stop: async () => {},
  };
  return { served: { url: cluster.url, databaseUrl: cluster.postgres.url, own }, done };
}
