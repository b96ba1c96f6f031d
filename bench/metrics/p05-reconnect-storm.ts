import { type Crowd, gather, OURS } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { figureFor, interleave } from '../rounds.ts';
import { exact, type Metric } from '../row.ts';

const MISSED = 20;

/** P5: all connections are cut at once, events go on, and everybody comes back. */
export const reconnectStorm: Metric = {
  id: 'P5',
  title: 'Reconnect storm',
  async run({ quick, progress }) {
    const streams = quick ? 1000 : 5000;
    const database = await startDatabase();
    try {
      const ours = await gather(OURS, streams, database);
      const theirs = await gather('Socket.IO', streams, database, { env: { RECOVERY: '1' } });
      const crowds = [ours, theirs];
      // The last event before the cut tells each subscriber where it stands.
      for (const crowd of crowds) await crowd.emit({ count: 5, together: 1, everyMs: 20 });
      const faults = new Map(crowds.map(({ name }) => [name, { lost: 0, doubled: 0 }]));
      const cpu = new Map<string, number[]>(crowds.map(({ name }) => [name, []]));
      const contestants = crowds.map((crowd) => ({
        name: crowd.name,
        async round() {
          const storm = await crowd.storm(MISSED);
          const sum = faults.get(crowd.name);
          if (sum) {
            sum.lost += storm.lost;
            sum.doubled += storm.doubled;
          }
          cpu.get(crowd.name)?.push(storm.serverSeconds);
          progress(
            `${crowd.name}: ${storm.seconds.toFixed(2)} s, server ${storm.serverSeconds.toFixed(2)} s`,
          );
          return storm.seconds;
        },
      }));
      const figures = await interleave(contestants, quick ? 2 : 5, () => {});
      const resumed = (await ours.server.ask<{ resumedFromMemory: number }>('hub')).resumedFromMemory;
      await Promise.all(crowds.map((crowd: Crowd) => crowd.stop()));
      const what = `${streams.toLocaleString('en')} streams cut at once, ${MISSED} events missed by each`;
      const peer = (figure = figureFor(figures, 'Socket.IO')) => ({
        name: 'Socket.IO with recovery',
        figure,
      });
      const of = (kind: 'lost' | 'doubled', name: string) => exact(faults.get(name)?.[kind] ?? Number.NaN);
      return [
        {
          metric: 'P5',
          name: `${what}: until all have caught up`,
          unit: 's',
          ours: figureFor(figures, OURS),
          peers: [peer()],
          targets: [{ against: 'Socket.IO with recovery', is: 'at most', factor: 0.5 }],
          notes: [
            `Ours authenticates each stream; Socket.IO skips its middlewares. ${resumed} resumes came from memory.`,
            `Server CPU: ours ${median(cpu.get(OURS)).toFixed(2)} s, Socket.IO ${median(cpu.get('Socket.IO')).toFixed(2)} s.`,
          ],
        },
        ...(['lost', 'doubled'] as const).map((kind) => ({
          metric: 'P5',
          name: `${what}: ${kind}`,
          unit: 'events',
          ours: of(kind, OURS),
          peers: [peer(of(kind, 'Socket.IO'))],
          targets: [{ against: null, is: 'exactly' as const, factor: 0 }],
        })),
      ];
    } finally {
      await database.stop();
    }
  },
};

function median(values: readonly number[] = []): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
