import { type Crowd, gather, OURS } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { figureFor, interleave } from '../rounds.ts';
import type { Metric } from '../row.ts';

/** P3: how late the last subscriber has an event, at a pace that Socket.IO just bears. */
export const latency: Metric = {
  id: 'P3',
  title: 'Latency to the last subscriber',
  async run({ quick, progress }) {
    const streams = quick ? 500 : 1000;
    const database = await startDatabase();
    try {
      const ours = await gather(OURS, streams, database);
      const theirs = await gather('Socket.IO', streams, database);
      const perSecond = 0.8 * (await saturation(theirs, streams));
      progress(`${perSecond.toFixed(0)} events a second`);
      const seconds = quick ? 2 : 4;
      const contestants = [ours, theirs].map((crowd) => ({
        name: crowd.name,
        async round() {
          const plan = { count: Math.round(perSecond * seconds), together: 1, everyMs: 1000 / perSecond };
          const { latencies, loadShare } = await crowd.openLoop(plan);
          return loadShare > 0.85 ? null : percentile(latencies, 0.99);
        },
      }));
      const figures = await interleave(contestants, quick ? 3 : 5, (name) =>
        progress(`${name}: a void round`),
      );
      await Promise.all([ours.stop(), theirs.stop()]);
      return [
        {
          metric: 'P3',
          name: `p99 to the last of ${streams.toLocaleString('en')} subscribers, open loop, ${perSecond.toFixed(0)} events a second (80 % of what saturates Socket.IO)`,
          unit: 'ms',
          ours: figureFor(figures, OURS),
          peers: [{ name: 'Socket.IO', figure: figureFor(figures, 'Socket.IO') }],
          targets: [{ against: 'Socket.IO', is: 'at most', factor: 0.5 }],
        },
      ];
    } finally {
      await database.stop();
    }
  },
};

/** Events per second at which its processor has nothing left. */
async function saturation(crowd: Crowd, streams: number): Promise<number> {
  const rates: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const count = Math.ceil(30_000 / streams);
    const { serverSeconds } = await crowd.emit({ count, together: 1, everyMs: streams * 0.015 });
    rates.push(count / serverSeconds);
  }
  return rates.sort((a, b) => a - b)[1] ?? Number.NaN;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
