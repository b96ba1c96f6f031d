import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedDeath } from '../../server/failpoints.ts';
import { type Product, startProduct } from '../support/product.ts';

/** A server under test, on a database that outlives it. */
export interface Served {
  readonly url: string;
  readonly databaseUrl: string;
  /** Present where this schedule has the server to itself. */
  readonly own: OwnServer | null;
}

export interface OwnServer {
  /** SIGKILL now, and a start on what is left. */
  kill(): Promise<void>;
  /** SIGSTOP, and SIGCONT after this long. */
  pause(ms: number): Promise<void>;
  /** Where it died of a planned death, in order. */
  readonly deaths: readonly PlannedDeath[];
  stop(): Promise<void>;
}

/**
 * A server of one's own, that dies where the plan says (one death per life) and is started again by a supervisor, on the
 * same port and the same database.
 */
export async function serveAlone(
  databaseUrl: string,
  plan: readonly PlannedDeath[],
): Promise<Served & { own: OwnServer }> {
  const waiting = [...plan];
  const deaths: PlannedDeath[] = [];
  let isStopping = false;
  let planned: PlannedDeath | null = null;
  const begin = (dataDir?: string, port?: number) => {
    planned = waiting.shift() ?? null;
    return startProduct({
      ...(dataDir ? { dataDir } : {}),
      ...(port ? { port } : {}),
      env: {
        DATABASE_URL: databaseUrl,
        NODE_ENV: 'test',
        FAILPOINTS: planned ? `${planned.place}:${planned.hit}` : '',
      },
    });
  };
  let product: Product = await begin();
  const { url, dataDir } = product;
  const port = Number(new URL(url).port);
  let restarting: Promise<void> = Promise.resolve();
  const supervise = () => {
    const watched = product;
    watched.process.once('exit', () => {
      if (isStopping) return;
      if (planned) deaths.push(planned);
      restarting = (async () => {
        product = await begin(dataDir, port);
        supervise();
      })();
      // Whoever waits for the server hears of it; nobody may be waiting.
      restarting.catch(() => {});
    });
  };
  supervise();
  return {
    url,
    databaseUrl,
    own: {
      deaths,
      async kill() {
        await restarting;
        const { process: child } = product;
        planned = null;
        // It may have died of its plan a moment ago.
        const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
        child.kill('SIGKILL');
        await exited;
        await restarting;
      },
      async pause(ms) {
        await restarting;
        const { process: child } = product;
        child.kill('SIGSTOP');
        await delay(ms);
        child.kill('SIGCONT');
      },
      async stop() {
        isStopping = true;
        await restarting.catch(() => {});
        await product.kill();
      },
    },
  };
}
