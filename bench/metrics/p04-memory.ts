import { type Child, startChild } from '../child.ts';
import { OURS, peers } from '../crowd.ts';
import { type BenchDatabase, startDatabase } from '../database.ts';
import { createPeople } from '../people.ts';
import { STREAM_PATH, startProduct } from '../product.ts';
import { figureFor, interleave } from '../rounds.ts';
import type { Metric } from '../row.ts';

const RAW = 'raw http SSE';
const SOCKET_IO = 'Socket.IO';

/** P4: what one more idle stream costs the server in resident memory. */
export const memory: Metric = {
  id: 'P4',
  title: 'Memory per idle stream',
  async run({ quick, progress }) {
    const [few, many] = quick ? [500, 2000] : [1000, 5000];
    const database = await startDatabase();
    try {
      const contestants = [
        { name: OURS, round: () => ours(database, few, many) },
        { name: RAW, round: () => theirs('raw write', few, many) },
        { name: SOCKET_IO, round: () => theirs('Socket.IO', few, many) },
      ];
      const figures = await interleave(contestants, quick ? 2 : 5, (name) =>
        progress(`${name}: a void round`),
      );
      return [
        {
          metric: 'P4',
          name: `resident memory per idle stream, from ${few.toLocaleString('en')} to ${many.toLocaleString('en')}`,
          unit: 'KiB',
          ours: figureFor(figures, OURS),
          peers: [RAW, SOCKET_IO].map((name) => ({ name, figure: figureFor(figures, name) })),
          targets: [{ against: RAW, is: 'at most', factor: 1.1 }],
          notes: ['Each of our streams is another signed-in account with its own presence and memberships.'],
        },
      ];
    } finally {
      await database.stop();
    }
  },
};

async function theirs(name: 'raw write' | 'Socket.IO', few: number, many: number): Promise<number> {
  const { server: file, speaks, path } = peers[name];
  const server = await startChild(file, { core: 'server' });
  const to = { port: await server.ask<number>('port'), speaks, path };
  return between(server, few, many, async (load, from, upTo) =>
    load.ask('connect', { ...to, count: upTo - from }),
  );
}

async function ours(database: BenchDatabase, few: number, many: number): Promise<number> {
  const server = await startProduct(database);
  await server.ask('hub');
  const { cookies } = await createPeople(database, server.databaseUrl, many);
  const to = { port: server.port, speaks: 'trpc', path: STREAM_PATH };
  return between(server, few, many, async (load, from, upTo) =>
    load.ask('connect', { ...to, count: upTo - from, cookies: cookies.slice(from, upTo) }),
  );
}

async function between(
  server: Child,
  few: number,
  many: number,
  connect: (load: Child, from: number, upTo: number) => Promise<unknown>,
): Promise<number> {
  const first = await startChild('subscribers', { core: 'load' });
  const rest = await startChild('subscribers', { core: 'load' });
  try {
    await connect(first, 0, few);
    const before = await settled(server);
    await connect(rest, few, many);
    return ((await settled(server)) - before) / (many - few) / 1024;
  } finally {
    await Promise.all([first.stop(), rest.stop(), server.stop()]);
  }
}

/** Once what was only needed while connecting is gone. */
async function settled(server: Child): Promise<number> {
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await server.ask('memory');
  }
  return (await server.ask<NodeJS.MemoryUsage>('memory')).rss;
}
