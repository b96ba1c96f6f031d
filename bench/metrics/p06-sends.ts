import { startChild } from '../child.ts';
import { OURS } from '../crowd.ts';
import { startDatabase } from '../database.ts';
import { createPeople } from '../people.ts';
import { type RunningProduct, startProduct } from '../product.ts';
import { figureFor, interleave } from '../rounds.ts';
import { exact, type Metric } from '../row.ts';

const CLIENTS = 64;
const PRISMA = 'one Prisma transaction per send';

interface Sender {
  name: string;
  product: RunningProduct;
  round(): Promise<{ perSecond: number; perCpuSecond: number; loadShare: number }>;
  stop(): Promise<void>;
}

/** P6: durable, acknowledged sends over HTTP. */
export const sends: Metric = {
  id: 'P6',
  title: 'Durable sends',
  async run({ quick, progress }) {
    const database = await startDatabase();
    const prepare = async (name: string, file?: string): Promise<Sender> => {
      const product = await startProduct(database, file === undefined ? {} : { file });
      const people = await createPeople(database, product.databaseUrl, CLIENTS);
      const load = await startChild('senders', { core: 'load' });
      await load.ask('connect', { port: product.port, cookies: people.cookies, sessionId: people.sessionId });
      return {
        name,
        product,
        async round() {
          const [server, generator] = [await product.cpu(), await load.cpu()];
          const { sent, seconds } = await load.ask<{ sent: number; seconds: number }>('send', {
            seconds: quick ? 1.5 : 3,
          });
          const cpuSeconds = ((await product.cpu()) - server) / 1e6;
          const loadShare = ((await load.cpu()) - generator) / 1e6 / seconds;
          return { perSecond: sent / seconds, perCpuSecond: sent / cpuSeconds, loadShare };
        },
        stop: async () => {
          await Promise.all([load.stop(), product.stop()]);
        },
      };
    };
    try {
      const ours = await prepare(OURS);
      const theirs = await prepare(PRISMA, 'prisma-sends');
      for (const sender of [ours, theirs]) await sender.round(); // warms both up
      const perCpu = new Map<string, number[]>([
        [OURS, []],
        [PRISMA, []],
      ]);
      const contestants = [ours, theirs].map((sender) => ({
        name: sender.name,
        async round() {
          const { perSecond, perCpuSecond, loadShare } = await sender.round();
          if (loadShare > 0.85) return null;
          perCpu.get(sender.name)?.push(perCpuSecond);
          return perSecond;
        },
      }));
      const figures = await interleave(contestants, quick ? 3 : 5, (name) =>
        progress(`${name}: a void round`),
      );
      const log = await ours.product.ask<{ sends: number; batches: number }>('log');
      await Promise.all([ours.stop(), theirs.stop()]);
      const median = (name: string) =>
        Math.round(
          [...(perCpu.get(name) ?? [])].sort((a, b) => a - b)[(perCpu.get(name)?.length ?? 0) >> 1] ?? 0,
        );
      return [
        {
          metric: 'P6',
          name: `durable acknowledged sends over HTTP, ${CLIENTS} clients, embedded PostgreSQL`,
          unit: 'per second',
          ours: figureFor(figures, OURS),
          peers: [{ name: PRISMA, figure: figureFor(figures, PRISMA) }],
          targets: [{ against: PRISMA, is: 'at least', factor: 5 }],
          notes: [`Per server CPU-second: ours ${median(OURS)}, ${PRISMA} ${median(PRISMA)}.`],
        },
        {
          metric: 'P6',
          name: `commits per send, ${CLIENTS} clients`,
          unit: 'commits',
          ours: exact(log.batches / log.sends),
          peers: [{ name: PRISMA, figure: exact(1) }],
          targets: [{ against: PRISMA, is: 'at most', factor: 1 / 8 }],
        },
      ];
    } finally {
      await database.stop();
    }
  },
};
