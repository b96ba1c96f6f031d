import { isClean } from '../ledger.ts';
import { createRandom } from '../random.ts';
import { runSchedule } from '../schedule.ts';
import { startServerCluster } from './cluster.ts';
import { type Disturbance, disturbances, serveCluster } from './disturb.ts';
import { type PostgresPrograms, packagedPostgres, systemPostgres } from './postgres-server.ts';
import { mayKillRedis, whyNoRedis } from './redis-server.ts';

export interface NodesOptions {
  seed: number;
  schedules: number;
}

/**
 * Schedules of writes on several nodes while each part is killed, paused, restarted or emptied: three nodes on the
 * packaged PostgreSQL, two on the machine's own. Prints what was done. Resolves with the number of schedules that found
 * something.
 */
export async function runNodes({ seed, schedules }: NodesOptions): Promise<number> {
  const missing = whyNoRedis();
  if (missing) {
    console.log(`skipped: several nodes (${missing})`);
    return 0;
  }
  const kinds = Object.keys(disturbances).filter(
    (kind) => mayKillRedis() || !/^Redis (is killed|stands)/.test(kind),
  );
  const system = systemPostgres();
  if (!system) console.log("skipped: the machine's own PostgreSQL (there is none)");
  const worlds: { name: string; size: 2 | 3; postgres: PostgresPrograms; share: number }[] = [
    {
      name: 'three nodes, packaged PostgreSQL',
      size: 3,
      postgres: packagedPostgres(),
      share: system ? 0.7 : 1,
    },
    ...(system
      ? [{ name: `two nodes, ${system.postgres}`, size: 2 as const, postgres: system, share: 0.3 }]
      : []),
  ];
  let failed = 0;
  for (const { name, size, postgres, share } of worlds) {
    const cluster = await startServerCluster({ size, postgres });
    try {
      for (let i = 0; i < Math.ceil(schedules * share); i += 1) {
        const { served, done } = serveCluster(
          cluster,
          createRandom(seed + i),
          kinds as [Disturbance, ...Disturbance[]],
        );
        const [outcome] = await Promise.allSettled([runSchedule(seed + i, served, 70)]);
        const isGood = outcome.status === 'fulfilled' && isClean(outcome.value.findings);
        console.log(
          `${isGood ? 'clean' : 'NOT CLEAN'}: seed ${seed + i}, ${name}: ${done.join(', ') || 'left alone'}`,
        );
        if (isGood) continue;
        failed += 1;
        console.log(outcome.status === 'fulfilled' ? JSON.stringify(outcome.value, null, 2) : outcome.reason);
      }
    } finally {
      await cluster.stop();
    }
  }
  return failed;
}
