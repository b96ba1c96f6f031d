import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Metric, Row } from './row.ts';
import { tableOf } from './table.ts';

const HELP = `npm run bench -- [options]
  --quick          fewer rounds and smaller sizes
  --only P1,P3     these metrics alone
  --resume         leaves out what an earlier run of the same kind has measured already
  --json FILE      writes the rows there, too ("-": nothing but JSON on the terminal)`;

interface Measured {
  metric: string;
  quick: boolean;
  at: string;
  seconds: number;
  machine: string;
  rows: Row[];
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    resume: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  prepare();
  const { bundleChildren } = await import('./bundle.ts');
  const { metrics } = await import('./metrics/all.ts');
  await bundleChildren();
  const wanted = options.only?.split(',').map((id) => id.trim().toUpperCase());
  const unknown = wanted?.filter((id) => !metrics.some((metric) => covers(metric, id)));
  if (unknown?.length)
    throw new Error(
      `There is no metric ${unknown.join(', ')}. There are ${metrics.map(({ id }) => id).join(', ')}.`,
    );
  const chosen = metrics.filter((metric) => !wanted || wanted.some((id) => covers(metric, id)));
  const measured: Measured[] = [];
  for (const metric of chosen)
    measured.push((options.resume ? earlier(metric) : null) ?? (await measure(metric)));
  report(measured);
}

/** `P1+P2` measures both. */
function covers(metric: Metric, id: string): boolean {
  return metric.id.split('+').includes(id);
}

/** What is measured must be built, and the peers must be there. */
function prepare(): void {
  if (!existsSync(here('node_modules/.package-lock.json')))
    run('npm', ['ci', '--no-audit', '--no-fund'], here('.'));
  run(process.execPath, ['scripts/build.mjs'], here('..'));
}

function run(command: string, args: string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}`);
}

async function measure(metric: Metric): Promise<Measured> {
  const began = performance.now();
  const progress = (text: string) => console.error(`… ${metric.id} ${metric.title}: ${text}`);
  progress('begins');
  const rows = await metric.run({ quick: options.quick, progress });
  const measured: Measured = {
    metric: metric.id,
    quick: options.quick,
    at: new Date().toISOString(),
    seconds: Math.round((performance.now() - began) / 1000),
    machine: machine(),
    rows,
  };
  mkdirSync(here('../.cache/bench'), { recursive: true });
  writeFileSync(fileOf(metric), JSON.stringify(measured, null, 2));
  progress(`took ${measured.seconds} s`);
  return measured;
}

function earlier(metric: Metric): Measured | null {
  if (!existsSync(fileOf(metric))) return null;
  // Written by `measure`.
  return JSON.parse(readFileSync(fileOf(metric), 'utf8')) as Measured;
}

function fileOf(metric: Metric): string {
  return here(`../.cache/bench/${metric.id}${options.quick ? '-quick' : ''}.json`);
}

function report(measured: readonly Measured[]): void {
  const rows = measured.flatMap((one) => one.rows);
  const json = JSON.stringify({ measured }, null, 2);
  if (options.json === '-') {
    console.log(json);
    return;
  }
  if (options.json) writeFileSync(options.json, json);
  console.log(`${measured.at(-1)?.at ?? ''}, ${machine()}\n\n${tableOf(rows)}`);
}

function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${gib} GiB, Node ${process.version}`;
}
