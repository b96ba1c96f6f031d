import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A process of ours, pinned to one core, that answers questions over IPC: see `answer.ts` for its side. */
export interface Child {
  ask<T = unknown>(op: string, args?: object): Promise<T>;
  /** Microseconds of processor time that it has used so far, in user and in kernel mode. */
  cpu(): Promise<number>;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export type Core = 'server' | 'load';

/** Server and load never share a core; where pinning is impossible, the operating system decides. */
const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;
const cores: Record<Core, string> = { server: '0', load: '1' };

export interface ChildOptions {
  core: Core;
  env?: Record<string, string>;
  nodeArgs?: string[];
}

/** @param name of a file that `bundle.ts` made */
export async function startChild(name: string, options: ChildOptions): Promise<Child> {
  const file = fileURLToPath(new URL(`build/${name}.js`, import.meta.url));
  const node = [process.execPath, '--expose-gc', ...(options.nodeArgs ?? []), file];
  const [command = '', ...args] = canPin ? ['taskset', '-c', cores[options.core], ...node] : node;
  const child = spawn(command, args, {
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  // What a server says of itself is of no interest unless it dies.
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-4000);
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let fail: (error: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    fail = reject;
    child.on('message', (message: { ready?: true; id?: number; value?: unknown; error?: string }) => {
      if (message.ready) return resolve();
      const question = waiting.get(message.id ?? -1);
      waiting.delete(message.id ?? -1);
      if (message.error === undefined) question?.resolve(message.value);
      else question?.reject(new Error(`${name}: ${message.error}`));
    });
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`${name} ended (${signal ?? code}).\n${said}`);
    fail(error);
    for (const question of waiting.values()) question.reject(error);
    waiting.clear();
  });
  await ready;
  const ask = <T>(op: string, args_: object = {}) =>
    new Promise<T>((resolve, reject) => {
      asked += 1;
      // Each op's answer is what its caller says it is: both sides are ours.
      waiting.set(asked, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ id: asked, op, args: args_ });
    });
  return {
    ask,
    cpu: () => ask<number>('cpu'),
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
