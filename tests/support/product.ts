import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const builtServer = join(project, 'build/server/app.js');

export interface Product {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything it has written to the terminal so far. */
  output(): string;
  /** Ends it as Ctrl-C does, or as told, and removes its data unless `dataDir` was given. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<void>;
  /** Ends it as a power cut does (SIGKILL); its data stays until `stop`. */
  kill(): Promise<void>;
}

export interface ProductOptions {
  /** On top of defaults that suit tests; nothing of the developer's own environment or `.env` gets through. */
  env?: Record<string, string>;
  /** To start again on what an earlier one left. */
  dataDir?: string;
  port?: number;
  /** Another build's than the project's own. */
  serverFile?: string;
}

/** Starts the built server, as `npm start` does after building, and waits until it is ready. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { serverFile = builtServer } = options;
  if (!existsSync(serverFile)) throw new Error('There is no built server: npm run build makes it.');
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'jstar-product-'));
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, ['--enable-source-maps', serverFile], {
    cwd: project,
    env: { ...cleanEnv(), DATA_DIR: dataDir, PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const product: Product = {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    process: child,
    output: () => output,
    async stop(signal = 'SIGINT') {
      await end(signal);
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
  };
  try {
    await untilReady(product);
  } catch (error) {
    await product.stop();
    throw error;
  }
  return product;
}

async function untilReady({ url, process: child, output }: Product): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error(`The server did not become ready (exit code ${child.exitCode}):\n${output()}`);
}

/** Set to nothing, variables are unset also for a `.env` file, which never overrides what is there. */
function cleanEnv(): NodeJS.ProcessEnv {
  const unset = [
    'PUBLIC_URL',
    'DATABASE_URL',
    'REDIS_URL',
    'AUTH_SECRET',
    'METRICS_TOKEN',
    'HOST',
    'TOKENS_PER_DAY',
  ];
  const model = ['OPENAI', 'FALLBACK'].flatMap((who) =>
    ['API_KEY', 'BASE_URL', 'MODEL'].map((what) => `${who}_${what}`),
  );
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TMPDIR: process.env.TMPDIR,
    NODE_ENV: 'production',
    ...Object.fromEntries([...unset, ...model].map((name) => [name, ''])),
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'warn',
  };
}
