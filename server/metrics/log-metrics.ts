import { Gauge, Histogram, type Registry } from 'prom-client';
import type { LogObserver } from '../log/log.ts';

/** Batch sizes and commit times of the log, by what was written: sends, marks, changes. */
export function countCommits(registry: Registry): LogObserver {
  const sizes = new Histogram({
    name: 'chat_commit_batch_size',
    help: 'Writes that shared one commit',
    labelNames: ['kind'],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 500],
    registers: [registry],
  });
  const times = new Histogram({
    name: 'chat_commit_seconds',
    help: 'From taking a batch to having published it after its commit',
    labelNames: ['kind'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  return {
    batchCommitted(kind, size, seconds) {
      sizes.observe({ kind }, size);
      times.observe({ kind }, seconds);
    },
  };
}

export function followLog(registry: Registry, log: { readonly stats: { queued: number } }): void {
  new Gauge({
    name: 'chat_log_queue',
    help: 'Writes that wait for a commit',
    registers: [registry],
    collect() {
      this.set(log.stats.queued);
    },
  });
}
