import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startProduct } from '../support/product.ts';
import { createDatabases } from './databases.ts';
import { isClean } from './ledger.ts';
import { runNodes } from './nodes/run.ts';
import { planDeaths } from './plan-deaths.ts';
import { runSchedule } from './schedule.ts';
import { type Served, serveAlone } from './served.ts';

// npm run test:faults -- --seed N --schedules M [--parallel P] [--kill]
// npm run test:faults -- --nodes [--seed N] [--schedules M]: several nodes, with their database and their bus
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '20' },
    parallel: { type: 'string', default: '2' },
    kill: { type: 'boolean', default: false },
    nodes: { type: 'boolean', default: false },
  },
});

const first = Number(values.seed);
const total = Number(values.schedules);
if (values.nodes) process.exit((await runNodes({ seed: first, schedules: total })) > 0 ? 1 : 0);

const dataDir = mkdtempSync(join(tmpdir(), 'jstar-faults-'));
const databases = await createDatabases(dataDir);
const shared = values.kill ? null : await shareServer();
let next = first;
let [clean, deeds] = [0, 0];
const failed: number[] = [];
const faults = new Map<string, number>();
const ops = new Map<string, number>();
const started = performance.now();

/** Schedules that never hurt the server share one. */
async function shareServer() {
  const databaseUrl = await databases.create();
  const product = await startProduct({ env: { DATABASE_URL: databaseUrl } });
  return { served: { url: product.url, databaseUrl, own: null }, stop: () => product.stop() };
}

/** With --kill each has its own: one schedule's kill must be no other's. */
async function withServer<T>(seed: number, work: (served: Served) => Promise<T>): Promise<T> {
  if (shared) return work(shared.served);
  const databaseUrl = await databases.create();
  const served = await serveAlone(databaseUrl, planDeaths(seed));
  try {
    return await work(served);
  } finally {
    await served.own.stop();
    await databases.drop(databaseUrl);
  }
}

async function worker(): Promise<void> {
  while (next < first + total) {
    const seed = next;
    next += 1;
    try {
      const outcome = await withServer(seed, (served) => runSchedule(seed, served));
      deeds += outcome.deeds.length;
      for (const [fault, n] of outcome.faults) faults.set(fault, (faults.get(fault) ?? 0) + n);
      for (const { op, outcome: end } of outcome.deeds)
        ops.set(`${op} ${end}`, (ops.get(`${op} ${end}`) ?? 0) + 1);
      if (isClean(outcome.findings)) clean += 1;
      else {
        failed.push(seed);
        console.log(`seed ${seed}`, JSON.stringify(outcome.findings, null, 2), outcome.story.join('\n'));
      }
    } catch (error) {
      failed.push(seed);
      console.log(`seed ${seed}`, error);
    }
    if ((clean + failed.length) % 25 === 0) console.log(summary());
  }
}

function summary(): string {
  const seconds = Math.round((performance.now() - started) / 1000);
  return `${clean} clean, ${failed.length} not, ${deeds} changes, ${seconds} s`;
}

const table = (counts: Map<string, number>) =>
  [...counts]
    .sort()
    .map(([name, n]) => `  ${n} × ${name}`)
    .join('\n');

await Promise.all(Array.from({ length: Number(values.parallel) }, worker));
console.log(`faults:\n${table(faults)}\nchanges:\n${table(ops)}`);
console.log(
  `seeds ${first}…${first + total - 1}${values.kill ? ' --kill' : ''}: ${summary()}${
    failed.length > 0 ? `; not clean: ${failed.join(', ')}` : ''
  }`,
);
await shared?.stop();
await databases.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(failed.length > 0 ? 1 : 0);
