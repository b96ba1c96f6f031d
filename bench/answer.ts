import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const inspector = new Session();

/** A child's side of `child.ts`: answers the questions of the process that started it. */
export function answer(ops: Record<string, (args: never) => unknown>): void {
  const all: Record<string, (args: never) => unknown> = {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    memory: () => {
      globalThis.gc?.();
      globalThis.gc?.();
      return process.memoryUsage();
    },
    /** Writes down what the processor is used for, from here to `profiled`. */
    async profile() {
      inspector.connect();
      await inspector.post('Profiler.enable');
      await inspector.post('Profiler.start');
    },
    async profiled({ file }: { file: string }) {
      const { profile } = await inspector.post('Profiler.stop');
      writeFileSync(file, JSON.stringify(profile));
      inspector.disconnect();
    },
    ...ops,
  };
  process.on('message', async ({ id, op, args }: { id: number; op: string; args: object }) => {
    try {
      const found = all[op];
      if (!found) throw new Error(`does not know "${op}"`);
      process.send?.({ id, value: await found(args as never) }); // as its caller, which is ours, gave them
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}
