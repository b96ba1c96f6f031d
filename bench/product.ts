import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from './child.ts';
import type { BenchDatabase } from './database.ts';
import { AUTH_SECRET } from './people.ts';

export const STREAM_PATH = '/trpc/events.subscribe';

export interface RunningProduct extends Child {
  port: number;
  databaseUrl: string;
}

export interface ProductOptions {
  env?: Record<string, string>;
  nodeArgs?: string[];
  /** Another bundle than the product itself. */
  file?: string;
  /** One that was written before; a new one otherwise. */
  databaseUrl?: string;
}

let nextPort = Number(process.env.BENCH_PORT ?? 4300);

/** The product on a database of its own, pinned to the server's core. */
export async function startProduct(
  database: BenchDatabase,
  options: ProductOptions = {},
): Promise<RunningProduct> {
  const databaseUrl = options.databaseUrl ?? (await database.create());
  const dataDir = mkdtempSync(join(tmpdir(), 'jstar-bench-data-'));
  const port = nextPort++;
  const child = await startChild(options.file ?? 'product', {
    core: 'server',
    nodeArgs: options.nodeArgs ?? [],
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: '',
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      REDIS_URL: '',
      AUTH_SECRET,
      OPENAI_API_KEY: '',
      OPENAI_BASE_URL: '',
      OPENAI_MODEL: '',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  return {
    ...child,
    port,
    databaseUrl,
    async stop() {
      await child.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
