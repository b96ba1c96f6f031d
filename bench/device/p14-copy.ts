import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newSessionId, UserId } from '../../protocol/ids.ts';
import { exact, figureOf, type Metric } from '../row.ts';
import { withDevice } from './device-page.ts';

const PEER = 'one transaction per row';
const assets = fileURLToPath(new URL('../../build/client/assets/', import.meta.url));

/** P14: the device's own database and search. */
export const copy: Metric = {
  id: 'P14',
  title: "The device's copy",
  run: ({ quick, progress }) =>
    withDevice(async ({ context, userId: id, ask }) => {
      const userId = UserId.parse(id);
      const together: number[] = [];
      const alone: number[] = [];
      for (let round = 0; round < (quick ? 2 : 5); round += 1) {
        progress(`rows ingested, round ${round + 1}`);
        together.push(await ask('ingest', userId, newSessionId(), 5_000, 500));
        alone.push(await ask('ingest', userId, newSessionId(), 200, 1));
      }
      progress('search over 20,000 messages');
      const worker = readdirSync(assets).find((file) => /^search-worker-.*\.js$/.test(file));
      if (!worker) throw new Error('The built product has no search worker.');
      await context.setOffline(true);
      await ask('fill', userId, newSessionId(), 20_000);
      const [first = Number.NaN, ...searches] = await ask('search', `/assets/${worker}`, userId);
      return [
        {
          metric: 'P14',
          name: 'messages stored, 500 to a transaction',
          unit: 'rows per second',
          ours: figureOf(together),
          peers: [{ name: PEER, figure: figureOf(alone) }],
          targets: [{ against: PEER, is: 'at least', factor: 20 }],
        },
        {
          metric: 'P14',
          name: `search over 20,000 messages in the worker, slowest of ${searches.length}`,
          unit: 'ms',
          ours: exact(Math.max(...searches)),
          peers: [],
          targets: [{ against: null, is: 'at most', factor: 100 }],
          notes: [
            `median ${figureOf(searches).value.toFixed(1)} ms; the first of all, which makes the index, ${Math.round(first)} ms`,
          ],
        },
      ];
    }),
};
