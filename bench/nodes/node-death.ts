import { setTimeout as delay } from 'node:timers/promises';
import { startServerCluster } from '../../tests/faults/nodes/cluster.ts';
import { openRawStream } from '../../tests/faults/nodes/raw-stream.ts';
import { newPerson } from '../../tests/faults/person.ts';
import { createRandom } from '../../tests/faults/random.ts';
import { figureOf, type Metric, type Row } from '../row.ts';
import { percentile } from './percentile.ts';

/** As the app waits before it opens a broken stream again: full jitter over its first pause. */
const FIRST_PAUSE_MS = 1_000;

/** One account has 32 streams at most. */
const STREAMS_EACH = 25;

/** From the death of one of two nodes until all of its streams are live on the other (issue target: p99 under 3 s). */
export const nodeDeath: Metric = {
  id: 'N3',
  title: "a node's death until its streams are live elsewhere",
  async run({ quick, progress }): Promise<Row[]> {
    const streams = quick ? 50 : 200;
    const rounds = quick ? 3 : 5;
    const cluster = await startServerCluster();
    const worst: number[] = [];
    try {
      const people = await Promise.all(
        Array.from({ length: streams / STREAMS_EACH }, () => newPerson(cluster.url)),
      );
      const cookies = people.flatMap(({ cookie }) => Array.from({ length: STREAMS_EACH }, () => cookie));
      for (let round = 0; round < rounds; round += 1) {
        const random = createRandom(round + 1);
        const node = cluster.nodes[round % 2 === 0 ? 0 : 1];
        const open = await Promise.all(
          cookies.map(async (cookie) => ({ cookie, stream: await openRawStream(node.url, cookie) })),
        );
        await Promise.all(open.map(({ stream }) => stream.until('caught-up')));
        const killed = performance.now();
        const back = open.map(async ({ cookie, stream }) => {
          await stream.ended(60_000);
          for (;;) {
            await delay(random.next() * FIRST_PAUSE_MS);
            const again = await openRawStream(cluster.url, cookie);
            const isLive = await Promise.race([
              again.until('caught-up').then(() => true),
              again.ended(60_000).then(() => false),
            ]);
            const took = performance.now() - killed;
            again.close();
            if (isLive) return took;
          }
        });
        await node.product.kill();
        worst.push(percentile(await Promise.all(back), 0.99));
        progress(`round ${round + 1}: p99 ${Math.round(worst.at(-1) ?? 0)} ms`);
        await node.start();
      }
    } finally {
      await cluster.stop();
    }
    return [
      {
        metric: 'N3',
        name: `SIGKILL of a node until the p99 of its ${streams} streams is live on the other`,
        unit: 'ms',
        ours: figureOf(worst),
        peers: [],
        targets: [{ against: null, is: 'at most', factor: 3_000 }],
        notes: [`streams come back with full jitter over ${FIRST_PAUSE_MS} ms, as the app does`],
      },
    ];
  },
};
