import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { type Product, startProduct } from '../../support/product.ts';
import { Balancer } from './balancer.ts';
import {
  type PostgresPrograms,
  type PostgresServer,
  packagedPostgres,
  startPostgres,
} from './postgres-server.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

/** One of several servers; its address stays when it is started again. */
export class Node {
  #product: Product | null = null;

  constructor(
    readonly url: string,
    private readonly start_: () => Promise<Product>,
  ) {}

  get product(): Product {
    if (!this.#product) throw new Error(`${this.url} was not started`);
    return this.#product;
  }

  async start(): Promise<void> {
    this.#product = await this.start_();
  }

  pause(): void {
    this.product.process.kill('SIGSTOP');
  }

  resume(): void {
    this.product.process.kill('SIGCONT');
  }
}

export interface ServerCluster {
  /** Of the balancer: what browsers are given. */
  readonly url: string;
  readonly nodes: readonly [Node, Node, ...Node[]];
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  stop(): Promise<void>;
}

export interface ServerClusterOptions {
  size?: 2 | 3;
  postgres?: PostgresPrograms;
  env?: Record<string, string>;
}

/** Real servers as separate processes behind a balancer, on a PostgreSQL and a Redis of their own. */
export async function startServerCluster(options: ServerClusterOptions = {}): Promise<ServerCluster> {
  const { size = 2 } = options;
  const home = mkdtempSync(join(tmpdir(), 'jstar-nodes-'));
  const [postgres, redis, port] = await Promise.all([
    startPostgres(options.postgres ?? packagedPostgres()),
    startRedis(),
    freePort(),
  ]);
  const env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    AUTH_SECRET: 'one secret for all nodes of these tests',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...options.env,
  };
  const nodes: Node[] = [];
  for (let i = 0; i < size; i += 1) {
    const nodePort = await freePort();
    // One directory of files for all, as docs/operations.md asks for.
    const start = () => startProduct({ env, dataDir: join(home, 'data'), port: nodePort });
    const node = new Node(`http://127.0.0.1:${nodePort}`, start);
    nodes.push(node);
  }
  await Promise.all(nodes.map((node) => node.start()));
  const balancer = await Balancer.start(
    nodes.map(({ url }) => url),
    port,
  );
  return {
    url: balancer.url,
    // As many as `size`, which is two or more.
    nodes: nodes as [Node, Node, ...Node[]],
    postgres,
    redis,
    async stop() {
      await balancer.stop();
      for (const node of nodes) node.resume();
      await Promise.all(nodes.map((node) => node.product.stop()));
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
