import { type Child, startChild } from '../child.ts';
import { type BenchDatabase, startDatabase } from '../database.ts';
import { seedHistory } from '../history.ts';
import { createPeople } from '../people.ts';
import { type RunningProduct, STREAM_PATH, startProduct } from '../product.ts';
import { figureFor, interleave } from '../rounds.ts';
import { exact, type Metric } from '../row.ts';

/** One for each round, and for warming up. */
const READERS = 12;

interface Device {
  product: RunningProduct;
  load: Child;
  round(): Promise<{ ms: number; bytes: number }>;
}

/** P7: a device that was away for 10,000 events, and what the size of all that ever happened has to do with it. */
export const catchUp: Metric = {
  id: 'P7',
  title: 'Catch-up',
  async run({ quick, progress }) {
    const missed = 10_000;
    const [little, much] = [1_000, quick ? 20_000 : 100_000];
    const database = await startDatabase();
    try {
      progress('writes the histories');
      const short = await away(database, little, missed);
      const long = await away(database, much, missed);
      for (const device of [short, long]) await device.round(); // warms both up
      const bytes: number[] = [];
      const nameOf = (history: number) => `${history.toLocaleString('en')} events of history`;
      const contestants = [
        { name: nameOf(little), device: short },
        { name: nameOf(much), device: long },
      ].map(({ name, device }) => ({
        name,
        async round() {
          const { ms, bytes: read } = await device.round();
          bytes.push(read);
          return ms;
        },
      }));
      const figures = await interleave(contestants, quick ? 3 : 9, () => {});
      await Promise.all([short, long].flatMap(({ product, load }) => [product.stop(), load.stop()]));
      const name = `catch-up after ${missed.toLocaleString('en')} missed events`;
      return [
        {
          metric: 'P7',
          name: `${name}, ${nameOf(much)} in 20 conversations`,
          unit: 'ms',
          ours: figureFor(figures, nameOf(much)),
          peers: [{ name: nameOf(little), figure: figureFor(figures, nameOf(little)) }],
          targets: [{ against: nameOf(little), is: 'at most', factor: 1.1 }],
        },
        {
          metric: 'P7',
          name,
          unit: 'requests',
          ours: exact(1),
          peers: [],
          targets: [{ against: null, is: 'exactly', factor: 1 }],
        },
        { metric: 'P7', name, unit: 'bytes', ours: exact(bytes[0] ?? Number.NaN), peers: [], targets: [] },
      ];
    } finally {
      await database.stop();
    }
  },
};

async function away(database: BenchDatabase, history: number, missed: number): Promise<Device> {
  const url = await database.migrated();
  const { userIds, cookies, sessionId } = await createPeople(database, url, READERS);
  const cursors = await seedHistory(database, url, { userIds, sessionId }, history, missed);
  let next = 0;
  const product = await startProduct(database, { databaseUrl: url });
  const load = await startChild('subscribers', { core: 'load' });
  return {
    product,
    load,
    async round() {
      // Somebody else each time: whoever comes straight back would be told from memory.
      const cursor = cursors[next];
      const cookie = cookies[next];
      next += 1;
      const began = performance.now();
      await load.ask('connect', {
        port: product.port,
        count: 1,
        speaks: 'trpc',
        path: STREAM_PATH,
        cookies: [cookie],
        cursor,
      });
      const ms = performance.now() - began;
      const { events, bytes } = await load.ask<{ events: number; bytes: number }>('totals');
      if (events !== missed) throw new Error(`${events} of ${missed} events came`);
      await load.ask('drop');
      return { ms, bytes };
    },
  };
}
