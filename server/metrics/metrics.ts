import { collectDefaultMetrics, Registry } from 'prom-client';
import type { LogObserver } from '../log/log.ts';
import type { OnCommitted } from '../log/log-entry.ts';
import type { HubObserver, HubStats } from '../realtime/hub-stats.ts';
import { countAnswers } from './answer-metrics.ts';
import { countFanOut, followHub } from './fan-out-metrics.ts';
import { countCommits, followLog } from './log-metrics.ts';

export interface Metrics {
  /** What GET /metrics answers with. */
  readonly registry: Registry;
  /** For `new Log(…, observer)`. */
  readonly log: LogObserver;
  /** For `new Hub({ observer })`. */
  readonly hub: HubObserver;
  /** Told of what was committed here: counts answers, their times and tokens, on the node that ended them. */
  readonly committed: OnCommitted;
  /** From now on every scrape reads these counts. Called once, when both stand. */
  follow(running: { hub: { readonly stats: HubStats }; log: { readonly stats: { queued: number } } }): void;
}

/** The figures of one process, in Prometheus' terms: times in seconds, sizes in bytes. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    log: countCommits(registry),
    hub: countFanOut(registry),
    committed: countAnswers(registry),
    follow({ hub, log }) {
      followHub(registry, hub);
      followLog(registry, log);
    },
  };
}
