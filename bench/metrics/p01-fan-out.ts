import { type Crowd, gather, OURS, type PeerName } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { figureFor, interleave } from '../rounds.ts';
import { exact, type Metric, type Row, type Target } from '../row.ts';

const peerNames: PeerName[] = ['raw write', 'ws', 'Socket.IO', 'better-sse', 'stock tRPC'];

/** P1 and P2: deliveries per second of server CPU, and how often each event is serialised. */
export const fanOut: Metric = {
  id: 'P1+P2',
  title: 'Fan-out',
  async run({ quick, progress }) {
    const database = await startDatabase();
    const rows: Row[] = [];
    try {
      for (const streams of quick ? [1000] : [100, 1000, 5000]) {
        progress(`${streams} streams`);
        const crowds: Crowd[] = [];
        for (const name of [OURS, ...peerNames] as const) crowds.push(await gather(name, streams, database));
        for (const together of quick ? [10] : [1, 10])
          rows.push(await fanOutRow(crowds, streams, together, quick, progress));
        if (streams === 1000) rows.push(await serialisationRow(crowds, streams));
        await Promise.all(crowds.map((crowd) => crowd.stop()));
      }
    } finally {
      await database.stop();
    }
    return rows;
  },
};

async function fanOutRow(
  crowds: readonly Crowd[],
  streams: number,
  together: number,
  quick: boolean,
  progress: (text: string) => void,
): Promise<Row> {
  /** How much longer than planned a server's events are apart: a figure per CPU-second does not depend on it. */
  const apart = new Map(crowds.map(({ name }) => [name, 1]));
  const contestants = crowds.map((crowd) => ({
    name: crowd.name,
    async round() {
      const factor = apart.get(crowd.name) ?? 1;
      // So many that a round takes a good part of a second, so spread that the reader keeps up.
      const isSlow = crowd.name === 'stock tRPC';
      const deliveries = isSlow ? 3_000 : 40_000;
      const turns = Math.max(isSlow ? 1 : 4, Math.round(deliveries / streams / together));
      const everyMs = factor * Math.max(2, streams * (isSlow ? 0.3 * together : 0.012 + 0.004 * together));
      const { serverSeconds, loadShare } = await crowd.emit({ count: turns * together, together, everyMs });
      if (loadShare > 0.85) apart.set(crowd.name, factor * 1.5);
      return loadShare > 0.85 ? null : (turns * together * streams) / serverSeconds;
    },
  }));
  const figures = await interleave(contestants, quick ? 3 : 5, (name) => progress(`${name}: a void round`));
  const targets: Target[] = [
    { against: 'Socket.IO', is: 'at least', factor: 2.5 },
    { against: 'stock tRPC', is: 'at least', factor: 40 },
  ];
  if (streams >= 1000) targets.unshift({ against: 'raw write', is: 'at least', factor: 1 });
  return {
    metric: 'P1',
    name: `fan-out to ${streams.toLocaleString('en')} streams, ${together === 1 ? 'one event at a time' : `${together} events in each turn`}`,
    unit: 'deliveries per server CPU-second',
    ours: figureFor(figures, OURS),
    peers: peerNames.map((name) => ({ name, figure: figureFor(figures, name) })),
    targets,
  };
}

async function serialisationRow(crowds: readonly Crowd[], streams: number): Promise<Row> {
  const events = 20;
  const counted = new Map<string, number>();
  for (const crowd of crowds) {
    const before = await crowd.server.ask<number>('serialisations');
    await crowd.emit({ count: crowd.name === 'stock tRPC' ? 2 : events, together: 1, everyMs: 20 });
    const after = await crowd.server.ask<number>('serialisations');
    counted.set(crowd.name, (after - before) / (crowd.name === 'stock tRPC' ? 2 : events));
  }
  const of = (name: string) => exact(Math.round((counted.get(name) ?? Number.NaN) * 100) / 100);
  return {
    metric: 'P2',
    name: `serialisations of an event for ${streams.toLocaleString('en')} streams`,
    unit: 'per event',
    ours: of(OURS),
    peers: peerNames.filter((name) => name !== 'raw write').map((name) => ({ name, figure: of(name) })),
    targets: [{ against: null, is: 'exactly', factor: 1 }],
  };
}
