import { parseArgs } from 'node:util';
import { type Product, startProduct } from '../support/product.ts';
import { isClean } from './checker.ts';
import { runSchedule } from './schedule.ts';

// npm run test:faults -- --seed N --schedules M [--parallel P] [--kill]
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '20' },
    parallel: { type: 'string', default: '4' },
    kill: { type: 'boolean', default: false },
  },
});

let product: Product = await startProduct();
const first = Number(values.seed);
const total = Number(values.schedules);
let next = first;
let [clean, writes] = [0, 0];
const failed: number[] = [];
let restarting: Promise<void> | null = null;

/** SIGKILL, then the same data and the same port, as a supervisor would. */
async function killServer(): Promise<void> {
  restarting ??= (async () => {
    const { dataDir, url } = product;
    await product.kill();
    product = await startProduct({ dataDir, port: Number(new URL(url).port) });
    restarting = null;
  })();
  await restarting;
}

async function worker(): Promise<void> {
  while (next < first + total) {
    const seed = next;
    next += 1;
    try {
      const outcome = await runSchedule(seed, {
        serverUrl: () => product.url,
        ...(values.kill ? { killServer } : {}),
      });
      writes += outcome.writes;
      if (isClean(outcome.findings)) clean += 1;
      else {
        failed.push(seed);
        console.log(`seed ${seed}`, JSON.stringify(outcome.findings, null, 2), outcome.story.join('\n'));
      }
    } catch (error) {
      failed.push(seed);
      console.log(`seed ${seed}`, error);
    }
    if ((clean + failed.length) % 50 === 0)
      console.log(`${clean} clean, ${failed.length} not, ${writes} writes`);
  }
}

await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
console.log(
  `seeds ${first}…${first + total - 1}: ${clean} clean, ${failed.length} not (${failed.join(', ')}), ${writes} writes`,
);
await product.stop();
process.exit(failed.length > 0 ? 1 : 0);
